import { describe, expect, it } from 'vitest';
import { complete } from './complete.js';
import { LANGUAGE } from './testing/language.js';

const VALUES: Record<string, { value: string; about: string }[]> = {
  model: [
    { value: 'clip', about: '12' },
    { value: 'my model', about: '3' },
  ],
  outcome: [{ value: 'failed', about: '2' }],
};

/** `|` is where the cursor is; the result is the text after each suggestion is taken. */
function completed(text: string): string[] {
  const cursor = text.indexOf('|');
  const plain = text.replace('|', '');
  const { from, to, suggestions } = complete(plain, cursor, LANGUAGE, (key) => VALUES[key] ?? []);
  return suggestions.map(({ insert }) => plain.slice(0, from) + insert + plain.slice(to));
}

describe('what may be written', () => {
  it('are all keys where nothing stands', () => {
    expect(completed('|')).toEqual(['model:', 'outcome:', 'duration:', 'batch.fill:', 'items:', 'id:']);
    expect(completed('model:clip |')).toContain('model:clip outcome:');
  });

  it.each([
    ['mo|', ['model:']],
    ['-mo|', ['-model:']],
    ['stat|', ['outcome:']],
    ['a mod| items:3', ['a model: items:3']],
    ['model:|', ['model:clip', 'model:"my model"']],
    ['-model:c|', ['-model:clip']],
    ['model:"my|', ['model:"my model"']],
    ['model:(clip OR m|', ['model:(clip OR "my model"']],
    ['outcome:|', ['outcome:failed', 'outcome:ok']],
    ['duration:|', ['duration:>50ms']],
    ['duration:>|', []],
    ['colour:|', []],
    ['zzz|', []],
  ])('%s', (text, expected) => {
    expect(completed(text)).toEqual(expected);
  });
});

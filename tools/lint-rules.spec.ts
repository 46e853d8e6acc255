import { Linter, type Rule } from 'eslint';
import { describe, expect, it } from 'vitest';
import { commentWidth } from './eslint/comment-width.mjs';
import { reasonForDisable } from './eslint/reason-for-disable.mjs';

/** How many times `rule` complains of `code`. */
function complaintsOf(rule: Rule.RuleModule, code: string): number {
  const plugins = { local: { rules: { rule } } };
  const linterOptions = { reportUnusedDisableDirectives: 'off' } as const;
  return new Linter().verify(code, [{ plugins, linterOptions, rules: { 'local/rule': 'error' } }]).length;
}

describe('reason-for-disable', () => {
  it.each([
    '// eslint-disable-next-line no-eval -- the input is ours',
    '/* eslint-disable no-eval -- generated */',
    '// fine',
  ])('accepts: %s', (comment) => {
    expect(complaintsOf(reasonForDisable, comment)).toBe(0);
  });

  it.each(['/* eslint-disable */', '// eslint-disable-next-line no-eval', '// eslint-disable-line -- no rule named'])(
    'refuses: %s',
    (comment) => {
      expect(complaintsOf(reasonForDisable, comment)).toBeGreaterThan(0);
    },
  );
});

describe('comment-width', () => {
  const words = (columns: number) => 'word '.repeat(columns).slice(0, columns - 1) + '.';

  it.each([
    `// ${words(117)}`,
    `/** ${words(113)} */`,
    `/**\n * ${words(117)}\n */`,
    `const text = '${words(200)}';`,
    `// https://example.com/${'long/'.repeat(30)}`,
    `// eslint-disable-next-line no-eval -- ${words(100)}`,
  ])('accepts: %s', (code) => {
    expect(complaintsOf(commentWidth, code)).toBe(0);
  });

  it.each([
    `// ${words(118)}`,
    `/** ${words(114)} */`,
    `/**\n * ${words(118)}\n * short\n * ${words(118)}\n */`,
    `const width = 1; // ${words(101)}`,
  ])('refuses: %s', (code) => {
    expect(complaintsOf(commentWidth, code)).toBe(code.split('\n').filter((line) => line.length > 120).length);
  });
});

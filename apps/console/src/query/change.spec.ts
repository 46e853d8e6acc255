import { describe, expect, it } from 'vitest';
import { exclude, include, replace, standingOf } from './change.js';
import { parseQuery } from './parse.js';
import { printQuery } from './print.js';
import { LANGUAGE } from './testing/language.js';

const terms = (text: string) => parseQuery(text, LANGUAGE).terms;

describe('a value of a query', () => {
  it.each([
    ['', 'model:a'],
    ['model:a', ''],
    ['model:b', 'model:(b OR a)'],
    ['model:(b OR a)', 'model:b'],
    ['-model:a', 'model:a'],
    ['-model:(a OR b)', '-model:b model:a'],
    ['items:>3', 'items:>3 model:a'],
  ])('is included, or no more: %s becomes %s', (before, after) => {
    expect(printQuery(include(terms(before), 'model', 'a'), LANGUAGE)).toBe(after);
  });

  it.each([
    ['', '-model:a'],
    ['-model:a', ''],
    ['-model:b', '-model:(b OR a)'],
    ['model:(a OR b)', 'model:b -model:a'],
  ])('is excluded, or no more: %s becomes %s', (before, after) => {
    expect(printQuery(exclude(terms(before), 'model', 'a'), LANGUAGE)).toBe(after);
  });

  it('stands as it was asked', () => {
    const query = terms('model:a -outcome:ok items:3');
    expect(standingOf(query, 'model', 'a')).toBe('included');
    expect(standingOf(query, 'outcome', 'ok')).toBe('excluded');
    expect(standingOf(query, 'model', 'b')).toBe('open');
    expect(standingOf(query, 'items', '3')).toBe('open');
  });

  it('takes the place of all others of its key', () => {
    const [slow] = terms('duration:>1s');
    expect(printQuery(replace(terms('duration:>50ms model:a duration:<2s'), slow!), LANGUAGE)).toBe(
      'model:a duration:>1s',
    );
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openTokenizer } from './open-tokenizer.js';

const cases = readFileSync('test/reference/tokens/tokens.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { text: string; ids: number[] });
const tokenizer = openTokenizer(JSON.parse(readFileSync('models/mini-clip/tokenizer.json', 'utf8')));
const END = 49407;

describe('the tokenizer of mini-clip', () => {
  it('gives the ids that Python gives, on every reference text', () => {
    const wrong = cases.filter(({ text, ids }) => String(tokenizer.encode(text, 10_000)) !== String(ids));

    expect(wrong.map(({ text, ids }) => ({ text, ids, got: tokenizer.encode(text, 10_000) }))).toEqual([]);
    expect(cases.length).toBeGreaterThan(500);
  });

  it('cuts to the length asked for and keeps the end token last', () => {
    for (const { text, ids } of cases) {
      const expected = ids.length <= 77 ? ids : [...ids.slice(0, 76), END];
      expect(tokenizer.encode(text, 77)).toEqual(expected);
    }
  });

  it.each([
    ['blanks that make no ids', ' '.repeat(40_000) + 'a photo of a cat' + '\n'.repeat(40_000) + 'and a dog'],
    ['one word of letters', 'bananas'.repeat(6_000)],
    ['one word of marks and pictures', '!😂?'.repeat(9_000)],
    ['references before markup that is far away', `&EACUTE; ${'a '.repeat(10)}${' '.repeat(30_000)}<b>`],
    ['words of all kinds', 'A photo of the café’s cat, 2 dogs &amp; a bird: 猫の写真! '.repeat(700)],
  ])('cuts a long text to the first ids of all that it has: %s', (_, text) => {
    const all = tokenizer.encode(text, 1e9);
    const expected = all.length <= 77 ? all : [...all.slice(0, 76), END];

    expect(tokenizer.encode(text, 77)).toEqual(expected);
  });

  it('answers the same when a word comes from its cache', () => {
    const first = tokenizer.encode('a photo of a cat', 77);

    expect(tokenizer.encode('a photo of a cat', 77)).toEqual(first);
  });

  it('encodes a word of a million letters without hanging', () => {
    expect(tokenizer.encode('ab'.repeat(500_000), 77)).toHaveLength(77);
  });
});

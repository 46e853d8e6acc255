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

  it('answers the same when a word comes from its cache', () => {
    const first = tokenizer.encode('a photo of a cat', 77);

    expect(tokenizer.encode('a photo of a cat', 77)).toEqual(first);
  });

  it('encodes a word of a million letters without hanging', () => {
    expect(tokenizer.encode('ab'.repeat(500_000), 77)).toHaveLength(77);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BYTE_CHARACTERS } from './byte-alphabet.js';
import { firstOfWord } from './first-of-word.js';
import { MergeTable } from './merge-table.js';
import { mergeWord } from './merge-word.js';

const { model } = JSON.parse(readFileSync('models/mini-clip/tokenizer.json', 'utf8')) as {
  model: { vocab: Record<string, number>; merges: string[] };
};

/** CLIP's merges, which count how often they are asked. */
class CountedMerges extends MergeTable {
  asked = 0;

  override priority(leftId: number, rightId: number): number {
    this.asked += 1;
    return super.priority(leftId, rightId);
  }
}

const clip = new CountedMerges(model.merges, new Map(Object.entries(model.vocab)));

function symbolsOf(word: string): number[] {
  const bytes = [...new TextEncoder().encode(word)];
  return bytes.map((byte, at) => model.vocab[BYTE_CHARACTERS[byte]! + (at === bytes.length - 1 ? '</w>' : '')]!);
}

/** The definition, word for word: the lowest merge of all neighbours, again and again. Quadratic. */
function byDefinition(symbols: readonly number[], merges: MergeTable): number[] {
  const ids = [...symbols];
  for (;;) {
    const priorities = ids.slice(1).map((right, at) => merges.priority(ids[at]!, right));
    const lowest = priorities.reduce((least, next) => Math.min(least, next), Infinity);
    if (lowest === Infinity) return ids;
    ids.splice(priorities.indexOf(lowest), 2, merges.merged(lowest));
  }
}

/** Words of many kinds, the same in every run: drawn from few and many letters, and repeated ones. */
function* longWords(): Iterable<string> {
  let seed = 7;
  const below = (end: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % end;
  };
  const alphabets = [
    'a',
    'ab',
    'haeo',
    'ehrtaoinsl',
    'abcdefghijklmnopqrstuvwxyz',
    'аеинок',
    '猫犬写真の',
    'éèaà',
    '😂😀!',
  ];
  for (let round = 0; round < 72; round += 1) {
    const letters = [...alphabets[round % alphabets.length]!];
    const drawn = (count: number) => Array.from({ length: count }, () => letters[below(letters.length)]).join('');
    yield round % 3 === 0 ? drawn(1 + below(6)).repeat(60 + below(80)) : drawn(100 + below(300));
  }
}

describe('the first ids of a long word', () => {
  it('are those of the whole word, as the definition of byte-pair encoding gives them', () => {
    for (const word of longWords()) {
      const symbols = symbolsOf(word);
      const all = byDefinition(symbols, clip);
      expect(mergeWord(symbols, clip).ids).toEqual(all);
      for (const count of [1, 10, 75])
        expect(firstOfWord(symbols, clip, count)?.slice(0, count)).toEqual(all.slice(0, count));
    }
  });

  it('are never told of an open word while what follows could change them', () => {
    let told = 0;
    for (const word of longWords()) {
      const symbols = symbolsOf(word);
      const all = mergeWord(symbols, clip).ids;
      for (const end of [20, 100, symbols.length - 1]) {
        const ids = firstOfWord(symbols.slice(0, end), clip, 5, true);
        if (!ids) continue;
        told += 1;
        expect(ids.slice(0, 5)).toEqual(all.slice(0, 5));
      }
    }
    expect(told).toBeGreaterThan(100);
    expect(firstOfWord(symbolsOf('ab'), clip, 1, true)).toBeUndefined();
  });

  it('depend on merges far to the right where a vocabulary has such a chain', () => {
    const letters = [...'abcdefghijklmnopqrstuvwxyz'];
    const merges = letters
      .slice(1)
      .map((letter, at) => [letters[at]!, letter])
      .reverse();
    const vocabulary = new Map([...letters, ...merges.map((pair) => pair.join(''))].map((token, id) => [token, id]));
    const chain = new MergeTable(merges, vocabulary);
    for (const end of [25, 26]) {
      const symbols = letters.slice(0, end).map((_, id) => id);
      const all = byDefinition(symbols, chain);
      expect(firstOfWord(symbols, chain, 1)?.[0]).toBe(all[0]);
      expect(all[0] === vocabulary.get('a')).toBe(end % 2 === 1);
    }
  });

  it('take as much work for a word of a million letters as for one of ten thousand', () => {
    for (const part of ['a', 'ab', 'haha', 'the', 'é', '猫', '😂']) {
      const asked = [10_000, 1_000_000].map((length) => {
        clip.asked = 0;
        firstOfWord(symbolsOf(part.repeat(length / part.length)), clip, 75);
        return clip.asked;
      });
      expect(asked[1]).toBe(asked[0]);
      expect(asked[0]).toBeLessThan(75 * 400);
    }
  });

  it('of all of them take three looks a letter at most', () => {
    for (const word of longWords()) {
      const symbols = symbolsOf(word);
      clip.asked = 0;
      mergeWord(symbols, clip);
      expect(clip.asked).toBeLessThanOrEqual(3 * symbols.length);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { RecencyStore } from './recency-store.js';

function buildStore(bytesMax: number, entries: Record<string, number> = {}) {
  const store = new RecencyStore<string>(bytesMax);
  for (const [key, bytes] of Object.entries(entries)) store.set(key, key.toUpperCase(), bytes);
  return store;
}

const keptOf = (store: RecencyStore<string>, keys: string) => [...keys].filter((key) => store.get(key) !== undefined);

describe('RecencyStore', () => {
  it('lets go what was used longest ago, and no more than it must', () => {
    const store = buildStore(30, { a: 10, b: 10, c: 10 });
    store.get('a');
    store.set('d', 'D', 5);
    expect(keptOf(store, 'abcd')).toEqual(['a', 'c', 'd']);
    expect(store.bytes).toBe(25);
  });

  it('replaces a value in its place, with its new size', () => {
    const store = buildStore(30, { a: 10, b: 10 });
    store.set('a', 'new', 20);
    expect([store.get('a'), store.get('b'), store.bytes]).toEqual(['new', 'B', 30]);
  });

  it('keeps nothing that is larger than all it may hold, and loses nothing for it', () => {
    const store = buildStore(30, { a: 10 });
    store.set('b', 'B', 31);
    expect(keptOf(store, 'ab')).toEqual(['a']);
    store.set('a', 'larger', 31);
    expect([store.get('a'), store.bytes]).toEqual([undefined, 0]);
  });

  it('does as a plain list does, in ten thousand random steps, and never holds more than it may', () => {
    const store = buildStore(100);
    let list: { key: string; bytes: number }[] = [];
    let state = 7;
    const next = (below: number) => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) % below;
    for (let step = 0; step < 10_000; step++) {
      const key = String(next(30));
      const known = list.find((entry) => entry.key === key);
      const others = list.filter((entry) => entry !== known);
      if (next(2) === 0) {
        expect(store.get(key)).toBe(known?.key);
        if (known) list = [...others, known];
      } else {
        const bytes = next(40);
        store.set(key, key, bytes);
        list = [...others, { key, bytes }];
        while (list.reduce((sum, entry) => sum + entry.bytes, 0) > 100) list.shift();
      }
      expect(store.bytes).toBe(list.reduce((sum, entry) => sum + entry.bytes, 0));
      expect(store.bytes).toBeLessThanOrEqual(100);
    }
  });
});

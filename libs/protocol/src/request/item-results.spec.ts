import { describe, expect, it } from 'vitest';
import { DomainError, type ItemResult } from '#core';
import { normalizeResults } from './item-results.js';

const timing = { queueMs: 0, prepareMs: 0, runMs: 0, batchSize: 1, replica: 'r' };
const vector = (...values: number[]): ItemResult => ({ ok: true, embedding: Float32Array.from(values), timing });

describe('normalizeResults', () => {
  it('scales every vector to length 1 and leaves the given ones as they are', () => {
    const given = vector(3, 4);
    expect(normalizeResults([given])).toEqual([vector(0.6, 0.8)]);
    expect(given).toEqual(vector(3, 4));
  });

  it('keeps a zero vector and failed items', () => {
    const failed: ItemResult = { ok: false, error: new DomainError('item_empty', 'Empty.') };
    expect(normalizeResults([vector(0, 0), failed])).toEqual([vector(0, 0), failed]);
  });
});

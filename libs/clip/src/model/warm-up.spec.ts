import type { ModelInfo } from '#core';
import { describe, expect, it } from 'vitest';
import { bucketSizes, warmUpBatches } from './warm-up.js';

const INFO: ModelInfo = {
  name: 'small',
  dimension: 2,
  imageSize: 4,
  contextLength: 16,
  logitScale: 100,
  normalized: true,
};

describe('warm-up', () => {
  it('knows every size of batch up to the largest', () => {
    expect([1, 2, 6, 32].map(bucketSizes)).toEqual([[1], [1, 2], [1, 2, 4, 6], [1, 2, 4, 8, 16, 32]]);
  });

  it('passes pictures, short texts and the longest ones in each size, never mixed', () => {
    const batches = [...warmUpBatches(INFO, 4)];
    expect(batches.map((batch) => batch.length)).toEqual([1, 1, 1, 2, 2, 2, 4, 4, 4]);
    for (const batch of batches) expect(new Set(batch).size).toBe(1);
    const words = batches.flatMap(([item]) => (item?.kind === 'text' ? [item.text.split(' ').length] : []));
    expect(Math.max(...words)).toBeGreaterThanOrEqual(INFO.contextLength);
  });
});

import { describe, expect, it } from 'vitest';
import { BatchSizer, RetryEstimator } from './throughput.js';

/** Runs full batches of a model that takes `costOf` items; answers their sizes. */
function batchesOf(sizer: BatchSizer, count: number, costOf: (items: number) => number): number[] {
  return Array.from({ length: count }, () => {
    const items = Math.min(32, sizer.itemsMax('visual'));
    sizer.observe('visual', items, costOf(items));
    return items;
  });
}

describe('BatchSizer', () => {
  it('bounds nothing while nothing is known', () => {
    expect(new BatchSizer(30_000).itemsMax('visual')).toBe(Infinity);
  });

  it('never starts a run that is expected to take longer than two seconds, from the first batch on', () => {
    const sizer = new BatchSizer(30_000);
    sizer.observe('visual', 1, 900);
    expect(batchesOf(sizer, 5, (items) => items * 900)).toEqual([2, 2, 2, 2, 2]);
  });

  it('allows one item, however long that takes', () => {
    const sizer = new BatchSizer(30_000);
    sizer.observe('visual', 1, 9_000);
    expect(sizer.itemsMax('visual')).toBe(1);
  });

  it('costs a model nothing that does 32 images in 1.6 s, even when its first run took five times as long', () => {
    const sizer = new BatchSizer(30_000);
    sizer.observe('visual', 1, 250);
    expect(batchesOf(sizer, 4, (items) => items * 50)).toEqual([8, 32, 32, 32]);
  });

  it('does not take a GPU, on which a run costs much and an item little, for slow by single items', () => {
    const sizer = new BatchSizer(30_000);
    sizer.observe('visual', 1, 1);
    for (let n = 0; n < 100; n += 1) sizer.observe('visual', 1, 100);
    expect(batchesOf(sizer, 3, (items) => 100 + items)).toEqual([20, 32, 32]);
  });

  it('keeps its opinion of large batches beside a single item', () => {
    const sizer = new BatchSizer(30_000);
    sizer.observe('visual', 32, 1_600);
    sizer.observe('visual', 1, 120);
    expect(sizer.itemsMax('visual')).toBeGreaterThanOrEqual(32);
  });

  it('knows the towers apart', () => {
    const sizer = new BatchSizer(30_000);
    sizer.observe('visual', 1, 2_000);
    sizer.observe('textual', 1, 10);
    expect([sizer.itemsMax('visual'), sizer.itemsMax('textual')]).toEqual([1, 200]);
  });

  it('stays well below the time after which a replica is taken for hung', () => {
    const sizer = new BatchSizer(1_000);
    sizer.observe('visual', 1, 50);
    expect(sizer.itemsMax('visual')).toBe(5);
  });
});

describe('RetryEstimator', () => {
  it('says a second while nothing is known', () => {
    expect(new RetryEstimator().estimateMs(500, 2)).toBe(1_000);
  });

  it('counts what the items cost, shared among the replicas', () => {
    const estimator = new RetryEstimator();
    estimator.observe(32, 320);
    expect(estimator.estimateMs(200, 2)).toBe(1_000);
  });

  it('follows a change of speed', () => {
    const estimator = new RetryEstimator();
    estimator.observe(1, 10);
    for (let n = 0; n < 40; n += 1) estimator.observe(1, 20);
    expect(estimator.estimateMs(100, 1)).toBeGreaterThan(1_990);
  });

  it('stays between 0.1 s and 30 s', () => {
    const estimator = new RetryEstimator();
    estimator.observe(1, 10);
    expect(estimator.estimateMs(1, 1)).toBe(100);
    expect(estimator.estimateMs(1e6, 1)).toBe(30_000);
  });
});

import { describe, expect, it } from 'vitest';
import { WorkPace } from './work-pace.js';

/** Runs full batches of a model that takes `costOf` items; answers their sizes. */
function batchesOf(pace: WorkPace, count: number, costOf: (items: number) => number): number[] {
  return Array.from({ length: count }, () => {
    const items = Math.min(32, pace.itemsMax('visual'));
    pace.learn('visual', items, costOf(items));
    return items;
  });
}

describe('WorkPace', () => {
  it('bounds nothing while nothing is known', () => {
    expect(new WorkPace(30_000).itemsMax('visual')).toBe(Infinity);
  });

  it('never starts a run that is expected to take longer than two seconds, from the first batch on', () => {
    const pace = new WorkPace(30_000);
    pace.learn('visual', 1, 900);
    expect(batchesOf(pace, 5, (items) => items * 900)).toEqual([2, 2, 2, 2, 2]);
  });

  it('allows one item, however long that takes', () => {
    const pace = new WorkPace(30_000);
    pace.learn('visual', 1, 9_000);
    expect(pace.itemsMax('visual')).toBe(1);
  });

  it('costs a model nothing that does 32 images in 1.6 s, even when its first run took five times as long', () => {
    const pace = new WorkPace(30_000);
    pace.learn('visual', 1, 250);
    expect(batchesOf(pace, 4, (items) => items * 50)).toEqual([8, 32, 32, 32]);
  });

  it('does not take a GPU, on which a run costs much and an item little, for slow by single items', () => {
    const pace = new WorkPace(30_000);
    pace.learn('visual', 1, 1);
    for (let n = 0; n < 100; n += 1) pace.learn('visual', 1, 100);
    expect(batchesOf(pace, 3, (items) => 100 + items)).toEqual([20, 32, 32]);
  });

  it('keeps its opinion of large batches beside a single item', () => {
    const pace = new WorkPace(30_000);
    pace.learn('visual', 32, 1_600);
    pace.learn('visual', 1, 120);
    expect(pace.itemsMax('visual')).toBeGreaterThanOrEqual(32);
  });

  it('knows the towers apart', () => {
    const pace = new WorkPace(30_000);
    pace.learn('visual', 1, 2_000);
    pace.learn('textual', 1, 10);
    expect([pace.itemsMax('visual'), pace.itemsMax('textual')]).toEqual([1, 200]);
  });

  it('stays well below the time after which a replica is taken for hung', () => {
    const pace = new WorkPace(1_000);
    pace.learn('visual', 1, 50);
    expect(pace.itemsMax('visual')).toBe(5);
  });
});

import { describe, expect, it } from 'vitest';
import { endsAtMost, splitByLength } from './split-by-length.js';

describe('splitting a batch of texts by length', () => {
  it('keeps like lengths in one run', () => {
    expect(splitByLength([7, 7, 8, 8, 9, 9], 48)).toEqual([6]);
  });

  it('cuts where the padding saved is worth one more run', () => {
    expect(splitByLength([5, 5, 5, 5, 77, 77], 48)).toEqual([4, 6]);
  });

  it('does not cut where it is not', () => {
    expect(splitByLength([5, 5, 20], 48)).toEqual([3]);
  });

  it('has no run for no text', () => {
    expect(splitByLength([], 48)).toEqual([]);
  });
});

describe('runs of a limited number of rows', () => {
  it('are cut out of longer ones and cross no end of them', () => {
    expect(endsAtMost([3, 7, 9], 2)).toEqual([2, 3, 5, 7, 9]);
  });

  it('stay as they are without a limit', () => {
    expect(endsAtMost([3, 7], Infinity)).toEqual([3, 7]);
  });

  it('are none of no rows', () => {
    expect(endsAtMost([0], 8)).toEqual([]);
  });
});

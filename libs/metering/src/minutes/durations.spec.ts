import { describe, expect, it } from 'vitest';
import { Durations } from './durations.js';

describe('durations', () => {
  it.each([0.5, 1, 3, 10, 120, 900, 9_999])('tell the percentiles of requests that all took %d ms to 19 %', (ms) => {
    const durations = new Durations();
    for (let n = 0; n < 100; n += 1) durations.add(ms);
    for (const share of [0.5, 0.95, 0.99]) {
      const told = durations.percentile(share) ?? Number.NaN;
      expect(Math.abs(told - ms)).toBeLessThanOrEqual(Math.max(1, ms * 0.19));
    }
  });

  it('tell half, and the slowest of a hundred, apart', () => {
    const durations = new Durations();
    for (let n = 1; n <= 100; n += 1) durations.add(n <= 98 ? 10 : 1_000);
    expect(durations.percentile(0.5)).toBeLessThan(12);
    expect(durations.percentile(0.99)).toBeGreaterThan(800);
  });

  it('are summed from what several processes stored as from one', () => {
    const [one, other, all] = [new Durations(), new Durations(), new Durations()];
    for (let n = 1; n <= 300; n += 1) {
      (n % 2 === 0 ? one : other).add(n);
      all.add(n);
    }
    const summed = new Durations();
    for (const part of [one, other]) summed.addPairs(JSON.parse(JSON.stringify(part.pairs())) as number[][]);
    expect(summed.pairs()).toEqual(all.pairs());
    expect(summed.percentile(0.95)).toBe(all.percentile(0.95));
  });

  it('know none where there was none, and take the longest and the shortest', () => {
    const durations = new Durations();
    expect(durations.percentile(0.5)).toBeNull();
    durations.add(1e9);
    durations.add(0);
    durations.addPairs([[-1, 5], [1_000, 5], []]);
    expect(durations.count).toBe(2);
  });
});

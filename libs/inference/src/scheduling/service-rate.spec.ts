import { describe, expect, it } from 'vitest';
import { ServiceRate } from './service-rate.js';

describe('ServiceRate', () => {
  it('says a second while nothing is known', () => {
    expect(new ServiceRate().estimateMs(500, 2)).toBe(1_000);
  });

  it('counts what the items cost, shared among the replicas', () => {
    const rate = new ServiceRate();
    rate.observe(32, 320);
    expect(rate.estimateMs(200, 2)).toBe(1_000);
  });

  it('follows a change of speed', () => {
    const rate = new ServiceRate();
    rate.observe(1, 10);
    for (let n = 0; n < 40; n += 1) rate.observe(1, 20);
    expect(rate.estimateMs(100, 1)).toBeGreaterThan(1_990);
  });

  it('stays between 0.1 s and 30 s', () => {
    const rate = new ServiceRate();
    rate.observe(1, 10);
    expect(rate.estimateMs(1, 1)).toBe(100);
    expect(rate.estimateMs(1e6, 1)).toBe(30_000);
  });
});

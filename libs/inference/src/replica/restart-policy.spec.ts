import { describe, expect, it } from 'vitest';
import { RestartPolicy } from './restart-policy.js';

const short = { servedMs: 10, heldSuspect: false };

describe('RestartPolicy', () => {
  it('doubles the delay from 0.1 s to 10 s', () => {
    const policy = new RestartPolicy();
    const delays = Array.from({ length: 9 }, () => policy.delayAfter(short));
    expect(delays).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
  });

  it('begins anew after a healthy life', () => {
    const policy = new RestartPolicy({ healthyMs: 1_000 });
    policy.delayAfter(short);
    policy.delayAfter(short);
    expect(policy.delayAfter({ servedMs: 1_000, heldSuspect: false })).toBe(100);
    expect(policy.delayAfter(short)).toBe(200);
  });

  it('does not hold a death against the replica when a suspect batch was aboard', () => {
    const policy = new RestartPolicy();
    policy.delayAfter(short);
    expect(policy.delayAfter({ servedMs: 10, heldSuspect: true })).toBe(100);
    expect(policy.delayAfter(short)).toBe(200);
  });
});

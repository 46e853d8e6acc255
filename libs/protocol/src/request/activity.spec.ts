import { describe, expect, it } from 'vitest';
import { ManualClock } from '#core';
import { Activity } from './activity.js';

describe('Activity', () => {
  it('is quiet only while nothing is under way, counted from the last end', async () => {
    const clock = new ManualClock();
    const activity = new Activity(clock);
    clock.advance(5);
    expect(activity.quietMs).toBe(5);
    const gate = Promise.withResolvers<void>();
    const work = activity.during(() => gate.promise);
    clock.advance(100);
    expect(activity.quietMs).toBe(0);
    gate.resolve();
    await work;
    clock.advance(7);
    expect(activity.quietMs).toBe(7);
  });

  it('counts work that fails as ended', async () => {
    const clock = new ManualClock();
    const activity = new Activity(clock);
    await expect(activity.during(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    clock.advance(3);
    expect(activity.quietMs).toBe(3);
  });
});

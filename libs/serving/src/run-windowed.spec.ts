import { describe, expect, it } from 'vitest';
import { runWindowed } from './run-windowed.js';

const window = (totalMax: number) => ({ totalMax, perGroupMax: totalMax, groupOf: () => 'one' });
const inputs = Array.from({ length: 20 }, (_, index) => index);

describe('runWindowed', () => {
  it('runs every input once, in order of start, never more than the window at a time', async () => {
    const started: number[] = [];
    let running = 0;
    let runningMost = 0;
    await runWindowed(inputs, window(3), async (input) => {
      started.push(input);
      running += 1;
      runningMost = Math.max(runningMost, running);
      await Promise.resolve();
      running -= 1;
    });
    expect(started).toEqual(inputs);
    expect(runningMost).toBe(3);
  });

  it('rejects with the first failure and starts nothing more', async () => {
    const started: number[] = [];
    const run = runWindowed(inputs, window(2), async (input) => {
      started.push(input);
      await Promise.resolve();
      if (input === 3) throw new Error('broken');
    });
    await expect(run).rejects.toThrow('broken');
    expect(started.length).toBeLessThan(8);
  });

  it('keeps no group back for one whose tasks do not end', async () => {
    const started: string[] = [];
    const groups = ['a', 'a', 'a', 'a', 'b', 'b', 'c', 'c'];
    void runWindowed(groups, { totalMax: 3, perGroupMax: 2, groupOf: (group) => group }, async (group) => {
      started.push(group);
      if (group === 'a') await new Promise(() => undefined);
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(started.toSorted()).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
  });

  it('is done at once with nothing to do', async () => {
    await expect(runWindowed([], window(2), () => Promise.reject(new Error('never')))).resolves.toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { WorkQueue } from './work-queue.js';

describe('WorkQueue', () => {
  it('never runs more at a time than it may, and in the order of arrival', async () => {
    const queue = new WorkQueue({ runningMax: 2, waitingMax: 10 });
    const began: number[] = [];
    let running = 0;
    let runningMost = 0;
    const task = async (number: number): Promise<void> => {
      began.push(number);
      running += 1;
      runningMost = Math.max(runningMost, running);
      await Promise.resolve();
      running -= 1;
    };
    await Promise.all([0, 1, 2, 3, 4, 5].map((number) => queue.run(() => task(number))));
    expect(began).toEqual([0, 1, 2, 3, 4, 5]);
    expect(runningMost).toBe(2);
  });

  it('gives the place of a failed task to the next', async () => {
    const queue = new WorkQueue({ runningMax: 1, waitingMax: 1 });
    const failing = queue.run(() => Promise.reject(new Error('no')));
    const next = queue.run(() => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });
});

import { describe, expect, it } from 'vitest';
import { ManualClock } from './clock.js';
import { RepeatedTask } from './repeated-task.js';

/** A task whose runs end when they are told to. */
function aTask() {
  const clock = new ManualClock();
  const runs: PromiseWithResolvers<void>[] = [];
  const work = () => (runs[runs.push(Promise.withResolvers()) - 1] as PromiseWithResolvers<void>).promise;
  return { clock, runs, task: new RepeatedTask({ clock, periodMs: 1000, work }) };
}

describe('a repeated task', () => {
  it('runs after each period, the first time too', async () => {
    const { clock, runs, task } = aTask();
    task.start();
    task.start();
    expect(runs).toHaveLength(0);
    for (const count of [1, 2, 3]) {
      clock.advance(1000);
      expect(runs).toHaveLength(count);
      runs.at(-1)?.resolve();
      await task.settled();
    }
  });

  it('does not begin a run while one is under way, and makes up for none afterwards', async () => {
    const { clock, runs, task } = aTask();
    task.start();
    clock.advance(600_000);
    expect(runs).toHaveLength(1);
    runs[0]?.resolve();
    await task.settled();
    clock.advance(1000);
    expect(runs).toHaveLength(2);
    clock.advance(600_000);
    expect(runs).toHaveLength(2);
  });

  it('goes on after a run that failed', async () => {
    const { clock, runs, task } = aTask();
    task.start();
    clock.advance(1000);
    runs[0]?.reject(new Error('away'));
    await task.settled();
    clock.advance(1000);
    expect(runs).toHaveLength(2);
  });

  it('ends with the run under way, and may begin anew', async () => {
    const { clock, runs, task } = aTask();
    task.start();
    clock.advance(1000);
    const stopped = task.stop();
    runs[0]?.resolve();
    await stopped;
    clock.advance(600_000);
    expect(runs).toHaveLength(1);
    task.start();
    clock.advance(1000);
    expect(runs).toHaveLength(2);
  });
});

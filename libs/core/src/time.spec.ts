import { describe, expect, it } from 'vitest';
import { ManualClock } from './clock.js';
import { DomainError } from './domain-error.js';
import { every, sleep, Timer, withDeadline } from './time.js';

/** Lets everything that is settled be heard. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Work of every second whose runs end when they are told to. */
function aTask() {
  const clock = new ManualClock();
  const runs: PromiseWithResolvers<void>[] = [];
  const work = () => (runs[runs.push(Promise.withResolvers()) - 1] as PromiseWithResolvers<void>).promise;
  return { clock, runs, work, start: () => every(clock, 1000, work) };
}

describe('a repeated task', () => {
  it('runs after each period, the first time too', async () => {
    const { clock, runs, start } = aTask();
    const task = start();
    expect(runs).toHaveLength(0);
    for (const count of [1, 2, 3]) {
      clock.advance(1000);
      expect(runs).toHaveLength(count);
      runs.at(-1)?.resolve();
      await task.settled();
    }
  });

  it('does not begin a run while one is under way, and makes up for none afterwards', async () => {
    const { clock, runs, start } = aTask();
    const task = start();
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
    const { clock, runs, start } = aTask();
    const task = start();
    clock.advance(1000);
    runs[0]?.reject(new Error('away'));
    await task.settled();
    clock.advance(1000);
    expect(runs).toHaveLength(2);
  });

  it('ends with the run under way, and may begin anew', async () => {
    const { clock, runs, start } = aTask();
    const task = start();
    clock.advance(1000);
    const stopped = task.stop();
    runs[0]?.resolve();
    await stopped;
    clock.advance(600_000);
    expect(runs).toHaveLength(1);
    start();
    clock.advance(1000);
    expect(runs).toHaveLength(2);
  });

  it('that does its work at once runs in every period, however many pass together', async () => {
    const clock = new ManualClock();
    let runs = 0;
    const task = every(clock, 1000, () => void (runs += 1));
    clock.advance(5_500);
    expect(runs).toBe(5);
    await task.stop();
    clock.advance(5_500);
    expect(runs).toBe(5);
  });
});

describe('sleep', () => {
  it('ends after its time', async () => {
    const clock = new ManualClock();
    let isAwake = false;
    const asleep = sleep(clock, 1000).then(() => (isAwake = true));
    clock.advance(999);
    await turn();
    expect(isAwake).toBe(false);
    clock.advance(1);
    await asleep;
  });

  it('ends at once with the reason of an abort, before it and while it lasts', async () => {
    const end = new AbortController();
    const asleep = sleep(new ManualClock(), 1000, end.signal);
    end.abort(new DomainError('shutting_down', 'The end.'));
    await expect(asleep).rejects.toMatchObject({ code: 'shutting_down' });
    await expect(sleep(new ManualClock(), 1000, end.signal)).rejects.toMatchObject({ code: 'shutting_down' });
    await expect(sleep(new ManualClock(), 1000, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('a deadline', () => {
  const late = () => 'late' as const;

  it('passes on what ends in time, its failure too', async () => {
    const clock = new ManualClock();
    expect(await withDeadline(clock, 1000, Promise.resolve('done'), late)).toBe('done');
    await expect(withDeadline(clock, 1000, Promise.reject(new Error('no')), late)).rejects.toThrow('no');
  });

  it('gives the answer for late work instead, and drops what becomes of it', async () => {
    const clock = new ManualClock();
    const work = Promise.withResolvers<string>();
    const answer = withDeadline(clock, 1000, work.promise, late);
    clock.advance(1000);
    expect(await answer).toBe('late');
    work.reject(new Error('nobody hears of it'));
    await turn();
  });

  it('fails as the answer for late work fails', async () => {
    const clock = new ManualClock();
    const answer = withDeadline(clock, 1000, new Promise(() => undefined), () => {
      throw new DomainError('unavailable', 'Too slow.');
    });
    clock.advance(1000);
    await expect(answer).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('a timer', () => {
  it('that is set anew forgets what it was set to, and may be cleared', () => {
    const clock = new ManualClock();
    const timer = new Timer(clock);
    const rung: string[] = [];
    timer.set(10, () => rung.push('first'));
    timer.set(20, () => rung.push('second'));
    clock.advance(30);
    timer.set(10, () => rung.push('third'));
    timer.clear();
    clock.advance(30);
    expect(rung).toEqual(['second']);
  });
});

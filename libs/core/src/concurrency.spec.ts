import { describe, expect, it } from 'vitest';
import { forEachLimited, nextFlight, singleFlight } from './concurrency.js';

/** Lets everything that is settled be heard. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Work whose runs end when they are told to. */
function aTask() {
  const runs: PromiseWithResolvers<string>[] = [];
  const work = () => (runs[runs.push(Promise.withResolvers()) - 1] as PromiseWithResolvers<string>).promise;
  return { runs, work };
}

describe('forEachLimited', () => {
  const items = Array.from({ length: 20 }, (_, index) => index);

  it('does everything once, in order of start, never more than so many at a time', async () => {
    const started: number[] = [];
    let running = 0;
    let runningMost = 0;
    await forEachLimited(items, 3, async (item, at) => {
      expect(at).toBe(item);
      started.push(item);
      running += 1;
      runningMost = Math.max(runningMost, running);
      await Promise.resolve();
      running -= 1;
    });
    expect(started).toEqual(items);
    expect(runningMost).toBe(3);
  });

  it('rejects with the first failure and starts nothing more', async () => {
    const started: number[] = [];
    const all = forEachLimited(items, 2, async (item) => {
      started.push(item);
      await Promise.resolve();
      if (item === 3) throw new Error('broken');
    });
    await expect(all).rejects.toThrow('broken');
    await turn();
    expect(started.length).toBeLessThan(8);
  });

  it('is done at once with nothing to do', async () => {
    await forEachLimited([], 2, () => Promise.reject(new Error('never')));
  });
});

describe('singleFlight', () => {
  it('runs once for all who ask at the same time, and again for who asks later', async () => {
    const { runs, work } = aTask();
    const ask = singleFlight(work);
    const [first, second] = [ask(), ask()];
    runs[0]?.resolve('one');
    expect(await Promise.all([first, second])).toEqual(['one', 'one']);
    const third = ask();
    runs[1]?.reject(new Error('two'));
    await expect(third).rejects.toThrow('two');
    expect(runs).toHaveLength(2);
    void ask();
    expect(runs).toHaveLength(3);
  });
});

describe('nextFlight', () => {
  it('gives who asks during a run the one after it, which they share', async () => {
    const { runs, work } = aTask();
    const ask = nextFlight(work);
    const first = ask();
    await turn();
    const later = [ask(), ask()];
    await turn();
    expect(runs).toHaveLength(1);
    runs[0]?.reject(new Error('only the first hears of it'));
    await expect(first).rejects.toThrow('only the first');
    await turn();
    runs[1]?.resolve('two');
    expect(await Promise.all(later)).toEqual(['two', 'two']);
    expect(runs).toHaveLength(2);
  });

  it('lets who asks before a run begins join it, and fail with what it waits for', async () => {
    const { runs, work } = aTask();
    const pauses: PromiseWithResolvers<void>[] = [];
    const ask = nextFlight(work, () => (pauses[pauses.push(Promise.withResolvers()) - 1] ?? never()).promise);
    const early = ask();
    await turn();
    const joined = ask();
    pauses[0]?.resolve();
    await turn();
    runs[0]?.resolve('one');
    expect(await Promise.all([early, joined])).toEqual(['one', 'one']);
    const called = ask();
    await turn();
    pauses[1]?.reject(new Error('the end'));
    await expect(called).rejects.toThrow('the end');
    expect(runs).toHaveLength(1);
  });
});

function never(): never {
  throw new Error('no pause');
}

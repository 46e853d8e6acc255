import { describe, expect, it } from 'vitest';
import { DomainError } from '#core';
import { HurriedClock } from '../../../../test/support/hurried-clock.js';
import { PassingFault } from './hub-errors.js';
import { withRetries } from './retry.js';

/** Runs work that fails with these faults, one an attempt, and then succeeds. Answers the pauses in seconds. */
async function pausesOf(faults: Error[], attemptsMax = 6): Promise<number[]> {
  const pauses: number[] = [];
  const left = [...faults];
  const work = (): Promise<string> => {
    const fault = left.shift();
    return fault ? Promise.reject(fault) : Promise.resolve('done');
  };
  await withRetries(work, { clock: new HurriedClock(), attemptsMax }, (_, delayMs) => pauses.push(delayMs / 1000));
  return pauses;
}

const cut = (details = {}): PassingFault => new PassingFault('cut', details);

describe('trying again', () => {
  it('waits longer and longer, never more than half a minute', async () => {
    expect(
      await pausesOf(
        Array.from({ length: 8 }, () => cut()),
        20,
      ),
    ).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
  });

  it('starts anew after an attempt that brought the work on, so that a large file survives any number of cuts', async () => {
    const faults = Array.from({ length: 50 }, () => cut({ progressed: true }));

    expect(await pausesOf(faults)).toEqual(faults.map(() => 1));
  });

  it('waits as long as the server asks', async () => {
    expect(await pausesOf([cut({ retryAfterMs: 42_000 })])).toEqual([42]);
  });

  it('gives up after attempts in a row that brought nothing', async () => {
    await expect(pausesOf(Array.from({ length: 6 }, () => cut()))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('does not try again what will not pass', async () => {
    const refusal = new DomainError('not_found', 'no');

    await expect(pausesOf([refusal])).rejects.toBe(refusal);
  });

  it('ends while it waits when the caller has gone', async () => {
    const caller = new AbortController();
    const running = withRetries(
      () => Promise.reject(cut()),
      { clock: new HurriedClock(), attemptsMax: 6 },
      () => caller.abort(),
      caller.signal,
    );

    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });
});

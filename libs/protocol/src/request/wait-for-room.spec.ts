import { describe, expect, it, vi } from 'vitest';
import { DomainError, ManualClock } from '#core';
import { buildCall, buildContext } from '../testing/build-context.js';
import { waitForRoom } from './wait-for-room.js';

const full = (retryAfterMs?: number): DomainError =>
  new DomainError('queue_full', 'The queue is full.', retryAfterMs === undefined ? {} : { retryAfterMs });

function failing(...failures: DomainError[]) {
  return vi.fn(() => {
    const failure = failures.shift();
    return failure ? Promise.reject(failure) : Promise.resolve('answer');
  });
}

/** Runs `work` as a request whose caller waits while the queue is full. */
function waiting(clock: ManualClock, work: () => Promise<string>, signal = new AbortController().signal) {
  return waitForRoom(clock)(buildCall({ ...buildContext(), signal }, { whenFull: 'wait' }), work);
}

/** Lets every promise that is ready run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('waitForRoom', () => {
  it('hands the work in again after the time that the queue names', async () => {
    const clock = new ManualClock();
    const work = failing(full(200));
    const answer = waiting(clock, work);
    await settled();
    clock.advance(199);
    await settled();
    expect(work).toHaveBeenCalledTimes(1);
    clock.advance(1);
    await expect(answer).resolves.toBe('answer');
  });

  it('gives up at once on what no queue will ever hold, and on any other failure', async () => {
    const clock = new ManualClock();
    await expect(waiting(clock, failing(full()))).rejects.toMatchObject({ code: 'queue_full' });
    const other = new DomainError('unavailable', 'No replica.', { retryAfterMs: 5 });
    await expect(waiting(clock, failing(other))).rejects.toBe(other);
  });

  it('ends as soon as the caller has gone, and waits for nothing more', async () => {
    const caller = new AbortController();
    const answer = waiting(new ManualClock(), failing(full(500), full(500)), caller.signal);
    const outcome = expect(answer).rejects.toMatchObject({ code: 'queue_full' });
    await settled();
    caller.abort();
    await outcome;
  });

  it('tells a caller who does not wait at once', async () => {
    const refused = waitForRoom(new ManualClock())(buildCall(), failing(full(10)));
    await expect(refused).rejects.toMatchObject({ code: 'queue_full' });
  });
});

import { describe, expect, it, vi } from 'vitest';
import { DomainError, ManualClock } from '#core';
import { decodeJsonRequest } from './codec/index.js';
import { handleDocuments, whenThereIsRoom } from './documents-handler.js';
import { buildContext } from './testing/build-context.js';
import { buildServices } from './testing/sample-services.js';

const full = (retryAfterMs?: number): DomainError =>
  new DomainError('queue_full', 'The queue is full.', retryAfterMs === undefined ? {} : { retryAfterMs });

function failing(...failures: DomainError[]) {
  return vi.fn(() => {
    const failure = failures.shift();
    return failure ? Promise.reject(failure) : Promise.resolve('answer');
  });
}

/** Lets every promise that is ready run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('whenThereIsRoom', () => {
  it('hands the work in again after the time that the queue names', async () => {
    const clock = new ManualClock();
    const work = failing(full(200));
    const answer = whenThereIsRoom({ clock }, new AbortController().signal, work);
    await settled();
    clock.advance(199);
    await settled();
    expect(work).toHaveBeenCalledTimes(1);
    clock.advance(1);
    await expect(answer).resolves.toBe('answer');
  });

  it('gives up at once on what no queue will ever hold, and on any other failure', async () => {
    const { signal } = new AbortController();
    const clock = new ManualClock();
    await expect(whenThereIsRoom({ clock }, signal, failing(full()))).rejects.toMatchObject({ code: 'queue_full' });
    const other = new DomainError('unavailable', 'No replica.', { retryAfterMs: 5 });
    await expect(whenThereIsRoom({ clock }, signal, failing(other))).rejects.toBe(other);
  });

  it('ends as soon as the caller has gone, and waits for nothing more', async () => {
    const clock = new ManualClock();
    const caller = new AbortController();
    const answer = whenThereIsRoom({ clock }, caller.signal, failing(full(500), full(500)));
    const outcome = expect(answer).rejects.toMatchObject({ code: 'queue_full' });
    await settled();
    caller.abort();
    await outcome;
  });
});

describe('handleDocuments', () => {
  const request = decodeJsonRequest({ data: [{ text: 'a' }] }, { endpoint: '/encode', receivedAtMs: 0 });
  const context = buildContext();

  it('counts a request of a stream once, however often the full queue sent it away', async () => {
    const { services, clock, model, outcomes } = buildServices();
    model.refusals = [full(10), full(10)];
    const answer = handleDocuments(services, request, context, 'wait');
    while (outcomes.length === 0) {
      await settled();
      clock.advance(10);
    }
    await answer;
    expect(model.refusals).toEqual([]);
    expect(outcomes).toMatchObject([{ operation: 'encode', outcome: 'ok', items: 1 }]);
  });

  it('tells a unary caller at once that the queue is full', async () => {
    const { services, model, outcomes } = buildServices();
    model.refusals = [full(10)];
    await expect(handleDocuments(services, request, context, 'refuse')).rejects.toMatchObject({
      code: 'queue_full',
    });
    expect(outcomes).toMatchObject([{ outcome: 'queue_full' }]);
  });
});

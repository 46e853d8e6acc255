import { Logger } from '@nestjs/common';
import { describe, expect, it, vi } from 'vitest';
import { DomainError, ItemError, ManualClock } from '#core';
import { buildCall } from '../testing/build-context.js';
import { Activity } from './activity.js';
import type { Call } from './call.js';
import { failureOf } from './item-results.js';
import { measure, type RequestOutcome } from './measure.js';

const what = { protocol: 'grpc', operation: 'rank', items: 0 };
const unreadable = new DomainError('image_unreadable', 'It is no image.');

/** Measures calls and keeps what was reported. */
function measured() {
  const clock = new ManualClock();
  const outcomes: RequestOutcome[] = [];
  const step = measure({ clock, activity: new Activity(clock), onRequest: (outcome) => outcomes.push(outcome) });
  const run = <Answer>(work: (call: Call) => Promise<Answer>): Promise<Answer> =>
    step(buildCall(undefined, { operation: 'rank', items: 0 }), work);
  return { run, clock, outcomes };
}

describe('measure', () => {
  it('reports what was found out of a request, and how long it took', async () => {
    const { run, clock, outcomes } = measured();
    const answer = run((call) => {
      call.operation = 'root';
      call.items = 3;
      clock.advance(7);
      return Promise.resolve('answer');
    });
    await expect(answer).resolves.toBe('answer');
    expect(outcomes).toEqual([{ ...what, operation: 'root', items: 3, outcome: 'ok', durationMs: 7 }]);
  });

  it.each([
    [new DomainError('unavailable', 'No replica.'), 'unavailable'],
    [new ItemError(unreadable, 'input[1]: It is no image.'), 'item_failed'],
  ])('reports a failure by its code, that of an item by one word, and passes it on', async (failure, outcome) => {
    const { run, outcomes } = measured();
    await expect(run(() => Promise.reject(failure))).rejects.toBe(failure);
    expect(outcomes).toMatchObject([{ ...what, outcome }]);
  });

  it('reports a failure that nobody foresaw as internal, and writes it down with the request', async () => {
    const error = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const { run, outcomes } = measured();
    const answer = run(() => Promise.reject(new TypeError('unforeseen')));
    await expect(answer).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('is r.') });
    expect(outcomes).toMatchObject([{ outcome: 'internal' }]);
    expect(error.mock.calls[0]?.[0]).toMatchObject({ requestId: 'r', operation: 'rank', principal: 'anonymous' });
    error.mockRestore();
  });

  it('calls a request with an item that failed so, although it was answered', async () => {
    const { run, outcomes } = measured();
    await run((call) => {
      call.failure = failureOf(unreadable);
      return Promise.resolve('answer');
    });
    expect(outcomes).toMatchObject([{ outcome: 'item_failed' }]);
  });
});

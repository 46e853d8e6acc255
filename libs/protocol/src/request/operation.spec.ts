import { Logger } from '@nestjs/common';
import { describe, expect, it, vi } from 'vitest';
import { DomainError, ItemError } from '#core';
import { checkItemCount, counted, failureOf, operationOf } from './operation.js';
import { buildContext } from '../testing/build-context.js';
import { buildServices } from '../testing/sample-services.js';

const context = buildContext();
const what = { protocol: 'grpc', operation: 'rank', items: 0 };

describe('counted', () => {
  it('reports what was found out of a request, and how long it took', async () => {
    const { services, clock, outcomes } = buildServices();
    const answer = counted(services, context, 'root', (tally) => {
      Object.assign(tally, { operation: 'rank', items: 3 });
      clock.advance(7);
      return Promise.resolve('answer');
    });
    await expect(answer).resolves.toBe('answer');
    expect(outcomes).toEqual([{ ...what, items: 3, outcome: 'ok', durationMs: 7 }]);
  });

  const unreadable = new DomainError('image_unreadable', 'It is no image.');
  it.each([
    [new DomainError('unavailable', 'No replica.'), 'unavailable'],
    [new ItemError(unreadable, 'input[1]: It is no image.'), 'item_failed'],
  ])('reports a failure by its code, that of an item by one word, and passes it on', async (failure, outcome) => {
    const { services, outcomes } = buildServices();
    await expect(counted(services, context, 'rank', () => Promise.reject(failure))).rejects.toBe(failure);
    expect(outcomes).toMatchObject([{ ...what, outcome }]);
  });

  it('reports a failure that nobody foresaw as internal, and writes it down with the request', async () => {
    const error = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const { services, outcomes } = buildServices();
    const answer = counted(services, context, 'rank', () => Promise.reject(new TypeError('unforeseen')));
    await expect(answer).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('is r.') });
    expect(outcomes).toMatchObject([{ outcome: 'internal' }]);
    expect(error.mock.calls[0]?.[0]).toMatchObject({ requestId: 'r', operation: 'rank', principal: 'anonymous' });
    error.mockRestore();
  });

  it('calls a request with an item that failed so, although it was answered', async () => {
    const { services, outcomes } = buildServices();
    await counted(services, context, 'rank', (tally) => {
      tally.failure = failureOf([{ ok: false, error: unreadable }]);
      return Promise.resolve('answer');
    });
    expect(outcomes).toMatchObject([{ outcome: 'item_failed' }]);
  });
});

describe('operationOf', () => {
  it('gives a bounded set of words, whatever callers send', () => {
    expect(['/encode', '/rank/M-CLIP/X', '/', '', '/__proto__', '/x'.repeat(500)].map(operationOf)).toEqual([
      'encode',
      'rank',
      'root',
      'root',
      'other',
      'other',
    ]);
  });
});

describe('checkItemCount', () => {
  it('lets in as many items as are allowed and refuses one more', () => {
    const { services } = buildServices({ requestItemsMax: 2 });
    expect(() => checkItemCount(services, 2)).not.toThrow();
    expect(() => checkItemCount(services, 3)).toThrow(expect.objectContaining({ code: 'request_too_large' }));
  });
});

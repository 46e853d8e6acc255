import { describe, expect, it } from 'vitest';
import { DomainError } from '#core';
import { checkItemCount, counted, operationOf } from './operation.js';
import { buildServices } from './testing/sample-services.js';

const what = { protocol: 'http', operation: 'rank', items: 3 } as const;

describe('counted', () => {
  it('reports the outcome of the answer and how long it took', async () => {
    const { services, clock, outcomes } = buildServices();
    const work = (): Promise<string> => {
      clock.advance(7);
      return Promise.resolve('answer');
    };
    await expect(counted(services, what, work)).resolves.toBe('answer');
    expect(outcomes).toEqual([{ ...what, outcome: 'ok', durationMs: 7 }]);
  });

  it.each([
    [new DomainError('unavailable', 'No replica.'), 'unavailable'],
    [new TypeError('unforeseen'), 'internal'],
  ])('reports a failure by its code and passes it on unchanged', async (failure, outcome) => {
    const { services, outcomes } = buildServices();
    await expect(counted(services, what, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(outcomes).toMatchObject([{ outcome }]);
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

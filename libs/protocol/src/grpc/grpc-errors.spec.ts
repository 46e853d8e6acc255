import { Metadata, status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { DomainError } from '#core';
import { asGrpcStatus, toServiceError } from './grpc-errors.js';

describe('toServiceError', () => {
  it('tells the code as a word and the time to come back in whole milliseconds', () => {
    const error = toServiceError(new DomainError('queue_full', 'The queue is full.', { retryAfterMs: 12.3 }));
    expect(error).toMatchObject({ code: status.RESOURCE_EXHAUSTED, details: 'The queue is full.' });
    expect(error.metadata?.getMap()).toEqual({ 'error-code': 'queue_full', 'retry-after-ms': '13' });
  });

  it('never tells what an unforeseen error says', () => {
    const error = toServiceError(new Error('open /etc/secret failed'));
    expect(error.code).toBe(status.INTERNAL);
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  it('cuts a text that would not fit the headers, even when every character is escaped', () => {
    const { details = '' } = toServiceError(new DomainError('model_unknown', '日'.repeat(100_000)));
    expect(encodeURI(details).length).toBeLessThan(8_192);
    expect(details).toMatch(/日…$/);
  });

  it('gives only text that can be percent-encoded, wherever it is cut', () => {
    const { details = '' } = toServiceError(new DomainError('model_unknown', `x${'😀'.repeat(1_000)}`));
    expect(() => encodeURI(details)).not.toThrow();
  });
});

describe('asGrpcStatus', () => {
  it("passes grpc-js's own failures on with their status", () => {
    const metadata = new Metadata();
    const own = { code: status.RESOURCE_EXHAUSTED, details: 'Received message larger than max', metadata };
    expect(asGrpcStatus(own)).toMatchObject(own);
  });

  it.each([new DomainError('internal', 'x'), { code: 'ENOENT' }, { code: 999 }, { code: status.OK }, null, 'text'])(
    'takes nothing else for one, and no failure for a success',
    (thrown) => {
      expect(asGrpcStatus(thrown)).toBeUndefined();
    },
  );
});

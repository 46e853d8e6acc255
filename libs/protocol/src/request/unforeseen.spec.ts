import { describe, expect, it, vi } from 'vitest';
import { Logger } from '@nestjs/common';
import { currentTrace, DomainError, RequestTrace } from '#core';
import { unforeseen } from './unforeseen.js';

const request = { requestId: 'r-17', protocol: 'http', operation: 'POST /encode', principal: 'token-1' } as const;

describe('unforeseen', () => {
  it('writes a failure that nobody foresaw down once, with its request, and tells the caller the id alone', () => {
    const error = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const told = unforeseen(new TypeError('secret detail'), request);
    expect(unforeseen(told, request)).toBe(told);
    expect(error).toHaveBeenCalledTimes(1);
    expect(error.mock.calls[0]?.[0]).toMatchObject({ ...request, msg: expect.stringContaining('secret detail') });
    expect(told).toMatchObject({
      code: 'internal',
      message: expect.stringContaining('The id of the request is r-17.'),
    });
    expect(String(told)).not.toContain('secret');
    error.mockRestore();
  });

  it('writes its line as one of the request, also where the request has been left already', () => {
    const context = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: false };
    const trace = new RequestTrace(context, undefined, 'r-17');
    const written: unknown[] = [];
    const error = vi.spyOn(Logger.prototype, 'error').mockImplementation((line) => written.push(line, currentTrace()));
    unforeseen(new TypeError('failed'), { ...request, trace });
    expect(written).toEqual([{ ...request, msg: expect.stringContaining('failed') }, trace]);
    error.mockRestore();
  });

  it('gives everything else back as it is', () => {
    const foreseen = new DomainError('queue_full', 'Full.');
    expect(unforeseen(foreseen, request)).toBe(foreseen);
  });
});

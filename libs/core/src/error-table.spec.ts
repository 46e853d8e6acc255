import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from './domain-error.js';
import { ERROR_TABLE, statusOf } from './error-table.js';

describe('ERROR_TABLE', () => {
  it('has a row for every error code and none besides', () => {
    expect(Object.keys(ERROR_TABLE).sort()).toEqual([...ERROR_CODES].sort());
  });

  it.each(ERROR_CODES)('shows %s as a failure that every protocol may send', (code) => {
    const { grpc, http, wsClose } = statusOf(code);
    expect(status[grpc]).toBeDefined();
    expect(grpc).not.toBe(status.OK);
    expect(http).toBeGreaterThanOrEqual(400);
    expect(http).toBeLessThan(600);
    // RFC 6455 §7.4: 1004 to 1006 and 1015 are never sent; 4000 to 4999 are ours.
    const isProtocolCode = wsClose > 1000 && wsClose <= 1014 && ![1004, 1005, 1006].includes(wsClose);
    expect(isProtocolCode || (wsClose >= 4000 && wsClose < 5000)).toBe(true);
  });

  it.each(ERROR_CODES)('calls %s retryable only where the status says so too', (code) => {
    const { http, retryable } = statusOf(code);
    expect(retryable).toBe([429, 503, 504].includes(http));
  });
});

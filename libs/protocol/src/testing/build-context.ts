import { anonymous, type Principal } from '#core';
import type { RateLimitState } from '#metering';
import type { CallContext } from '../request/call-context.js';

/** For specs: the context of a call by `principal` that nobody aborts; `told` gets what it says of limits. */
export function buildContext(principal: Principal = anonymous, told: RateLimitState[] = []): CallContext {
  return {
    requestId: 'r',
    principal,
    signal: new AbortController().signal,
    caller: { principal, protocol: 'grpc', address: '192.0.2.1' },
    tellLimits: (states) => void told.push(...states),
  };
}

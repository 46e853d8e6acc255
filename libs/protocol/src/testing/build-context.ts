import { anonymous, type Principal } from '#core';
import type { RateLimitState } from '#metering';
import type { Call, CallContext } from '../request/call.js';
import { authenticatedAs } from './authenticated-as.js';

/** For specs: the context of a call by `principal` that nobody aborts; `reported` gets what it says of limits. */
export function buildContext(principal: Principal = anonymous, reported: RateLimitState[] = []): CallContext {
  return {
    requestId: 'r',
    principal,
    signal: new AbortController().signal,
    scope: 'encode',
    caller: { ...authenticatedAs(principal), protocol: 'grpc', address: '192.0.2.1' },
    reportLimits: (states) => void reported.push(...states),
  };
}

/** For specs: the call of a request in `context`, of which `known` has been found out. */
export function buildCall(context: CallContext = buildContext(), known: Partial<Call> = {}): Call {
  return {
    ...context,
    operation: 'encode',
    scope: 'encode',
    model: undefined,
    servedModel: undefined,
    items: 1,
    whenFull: 'refuse',
    needsRights: true,
    callersId: undefined,
    failure: undefined,
    ...known,
  };
}

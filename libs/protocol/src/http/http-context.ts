import type { FastifyReply } from 'fastify';
import { DomainError } from '#core';
import { formatRateLimit } from '#metering';
import { arrivalOf, traced } from '../request/arrival.js';
import { callerOf } from '../request/caller.js';
import type { CallContext } from '../request/call.js';
import { scopeNeeded } from '../request/access.js';
import './http-access.js';

/** The context of one HTTP request; its signal aborts when the client hangs up before the answer is complete. */
export function httpContext(res: FastifyReply): CallContext {
  const controller = new AbortController();
  res.raw.once('close', () => {
    if (!res.raw.writableFinished) {
      controller.abort(new DomainError('cancelled', 'The caller hung up before the answer was complete.'));
    }
  });
  const caller = callerOf(res.request.raw, 'http');
  return {
    requestId: res.request.id,
    principal: caller.principal,
    signal: controller.signal,
    caller,
    ...traced(arrivalOf(res.request.raw)),
    scope: scopeNeeded(res.request.routeOptions.config.access),
    reportLimits: (states) => void res.headers(formatRateLimit(states)),
  };
}

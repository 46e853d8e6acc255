import { randomUUID } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { anonymous, DomainError, type RequestContext } from '#core';

/** The context of one HTTP request; its signal aborts when the client hangs up before the answer is complete. */
export function httpContext(res: FastifyReply): RequestContext {
  const controller = new AbortController();
  res.raw.once('close', () => {
    if (!res.raw.writableFinished) {
      controller.abort(new DomainError('cancelled', 'The caller hung up before the answer was complete.'));
    }
  });
  return { requestId: randomUUID().replaceAll('-', ''), principal: anonymous, signal: controller.signal };
}

import type { FastifyReply } from 'fastify';
import { DomainError } from '#core';

/** Aborts when whoever asked hangs up before it has the whole answer. */
export function leavingOf(res: FastifyReply): AbortSignal {
  const gone = new AbortController();
  res.raw.once('close', () => {
    if (!res.raw.writableFinished) gone.abort(new DomainError('cancelled', 'The page was left.'));
  });
  return gone.signal;
}

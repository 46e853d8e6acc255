import { type ArgumentsHost, Catch, type ExceptionFilter, Logger, NotFoundException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, statusOf } from '#core';
import { domainErrorOf } from './http-failure.js';

const logger = new Logger('Admin');

/**
 * Answers every failure of the admin API as `{error: {code, message}}`. Writes the reason to the log where the caller
 * hears only that the server failed.
 */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    const res = host.switchToHttp().getResponse<FastifyReply>();
    if (res.sent || res.raw.destroyed) return;
    const error = domainErrorOf(thrown);
    const { code, message, retryAfterMs } = error;
    if (code === 'internal') logger.error(error.internal ?? message);
    if (retryAfterMs !== undefined) res.header('retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
    if (code === 'unauthenticated') res.header('www-authenticate', 'Bearer');
    void res
      .status(statusOf(code).http)
      .type('application/json')
      .send(JSON.stringify({ error: { code, message } }));
  }
}

/**
 * Answers, in the same form, what Fastify's router refuses before any route or hook sees it: a path that cannot be
 * decoded (400, as Fastify itself answers), and an id that is longer than any.
 */
export function answerUnroutable(reason: Error, _req: FastifyRequest, res: FastifyReply): void {
  const isLong = 'code' in reason && reason.code === 'FST_ERR_MAX_PARAM_LENGTH';
  const { code, message } = isLong ? domainErrorOf(new NotFoundException()) : UNDECODABLE;
  void res
    .status(isLong ? 404 : 400)
    .type('application/json')
    .send(JSON.stringify({ error: { code, message } }));
}

const UNDECODABLE = new DomainError(
  'invalid_argument',
  'The path cannot be decoded: in it, "%" stands before two hexadecimal digits. Write "%25" for the sign itself.',
);

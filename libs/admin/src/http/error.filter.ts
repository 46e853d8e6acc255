import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { faceOf } from '#core';
import { domainErrorOf } from './http-failure.js';

const logger = new Logger('Admin');

/**
 * Every failure of the admin API, as `{error: {code, message}}`. What the caller is told only as "the server failed" is
 * written to the log with its reason.
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
      .status(faceOf(code).http)
      .type('application/json')
      .send(JSON.stringify({ error: { code, message } }));
  }
}

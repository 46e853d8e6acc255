import type { FastifyInstance } from 'fastify';
import type { DomainError } from '#core';
import type { ByteBudget } from '../budget/index.js';
import { releaseBody, releaseWhenGone } from './collect-body.js';
import { takeType } from './content-type.js';
import { hasBody } from './discard-rest.js';
import { RequestBody } from './request-body.js';

/**
 * Gives every request that has a body a RequestBody, which reads at most `bytesMax` once somebody asks for it: what nobody asks
 * for, since the request is refused before, is not read. Each body is counted in `budget` until it is answered.
 * Of a caller without a token only a small body is read: a larger one carries something to compute and fails with `missing`.
 */
export function registerBodyParser(
  fastify: FastifyInstance,
  bytesMax: number,
  budget: ByteBudget,
  missing: () => DomainError,
): void {
  fastify.addHook('preParsing', (req, res, _body, done) => {
    takeType(req.raw);
    if (hasBody(req.raw)) releaseWhenGone(req.raw, res.raw);
    done();
  });
  fastify.addHook('onSend', (req, _res, _answer, done) => {
    releaseBody(req.raw);
    done();
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', (req, stream, done) => {
    done(null, new RequestBody(req, stream, { bytesMax, budget, missing }));
  });
}

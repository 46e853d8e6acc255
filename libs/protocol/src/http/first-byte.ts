import type { FastifyInstance, FastifyReply } from 'fastify';
import type { FirstByteTimer } from '../request/first-byte.js';
import { isOpen } from './http-access.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** When its head was there, until the body of the answer begins to go out; NaN where that is not timed. */
    headAtMs: number;
  }
}

/** Times the answers of every route that needs something of its caller; what anybody may look at is not timed. */
export function timeFirstByte(fastify: FastifyInstance, firstBytes: FirstByteTimer): void {
  fastify.decorateRequest('headAtMs', Number.NaN);
  fastify.addHook('onRequest', (req, _res, done) => {
    if (!isOpen(req)) req.headAtMs = firstBytes.head();
    done();
  });
  fastify.addHook('onSend', (req, res, payload, done) => {
    const { headAtMs, headers } = req;
    req.headAtMs = Number.NaN;
    if (!Number.isNaN(headAtMs)) {
      const isWhole = typeof payload === 'string' || Buffer.isBuffer(payload);
      // Such an answer is written next; a compressed one when its compression gives something out.
      if (isWhole && payload.length > 0 && headers['accept-encoding'] === undefined)
        firstBytes.begins('http', headAtMs);
      else onFirstChunk(res, () => firstBytes.begins('http', headAtMs));
    }
    done();
  });
}

/**
 * Calls `notify` once, when something of a body is written. Fastify's hooks know an answer before its compression, and
 * when all of it is sent; Node has no event for the first byte.
 */
function onFirstChunk({ raw }: FastifyReply, notify: () => void): void {
  const { write, end } = raw;
  const began = (chunk: unknown): void => {
    if (chunk === undefined || chunk === null || typeof chunk === 'function' || chunk === '') return;
    Object.assign(raw, { write, end });
    notify();
  };
  Object.assign(raw, {
    write: (...given: unknown[]): unknown => {
      began(given[0]);
      return Reflect.apply(write, raw, given);
    },
    end: (...given: unknown[]): unknown => {
      began(given[0]);
      return Reflect.apply(end, raw, given);
    },
  });
}

import type { FastifyInstance, FastifyReply } from 'fastify';
import type { FirstByteTimer } from '../request/first-byte.js';

/** Times the answers of every route that needs something of its caller; what anybody may look at is not timed. */
export function timeFirstByte(fastify: FastifyInstance, firstBytes: FirstByteTimer): void {
  fastify.addHook('onRequest', (req, res, done) => {
    const isTimed = !req.is404 && (req.routeOptions.config.access ?? 'nothing') !== 'nothing';
    if (isTimed) onFirstChunk(res, firstBytes.start('http'));
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

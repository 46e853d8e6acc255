import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { bufferedPieces, joinedIfSmall } from '../codec/json/json-pieces.js';
import type { ItemResult } from '#core';

/**
 * Answers 200 with the JSON that `pieces` make. A small answer goes out in one go; a large one is written as the client
 * reads it, each piece when there is room for it, in slices of the event loop.
 *
 * @example
 * await sendJson(res, ['{"data":[', ...rows, ']}']);
 */
export async function sendJson(res: FastifyReply, pieces: Iterable<string>): Promise<void> {
  const { text, rest } = await joinedIfSmall(pieces);
  void res.header('content-type', 'application/json');
  await res.send(rest ? Readable.from(bufferedPieces(text, rest), { objectMode: false }) : text);
}

/**
 * Sets `Server-Timing` to where the time of the slowest item went (W3C Server-Timing; browsers show it by themselves).
 */
export function setServerTiming(res: FastifyReply, results: readonly ItemResult[]): void {
  const timings = results.flatMap((result) => (result.ok ? [result.timing] : []));
  if (timings.length === 0) return;
  const slowest = (pick: (timing: (typeof timings)[number]) => number): string =>
    timings.reduce((most, timing) => Math.max(most, pick(timing)), 0).toFixed(2);
  const parts = [
    `queue;dur=${slowest((timing) => timing.queueMs)}`,
    `prepare;dur=${slowest((timing) => timing.prepareMs)}`,
    `run;dur=${slowest((timing) => timing.runMs)}`,
  ];
  res.header('server-timing', parts.join(', '));
}

import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { bufferedPieces, joinedIfSmall } from '../codec/json/json-pieces.js';

/**
 * Answers 200 with the JSON that `pieces` make. A small answer goes out in one go; a large one is written as the client reads it,
 * each piece when there is room for it, in slices of the event loop.
 */
export async function sendJson(res: FastifyReply, pieces: Iterable<string>): Promise<void> {
  const { text, rest } = await joinedIfSmall(pieces);
  void res.header('content-type', 'application/json');
  await res.send(rest ? Readable.from(bufferedPieces(text, rest), { objectMode: false }) : text);
}

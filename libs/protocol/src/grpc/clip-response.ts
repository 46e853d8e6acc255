import { DomainError, type ItemResult, type Timing, statusOf, turns } from '#core';
import { WireWriter } from '../codec/proto/wire-writer.js';
import { OutgoingMessage } from './send-messages.js';

/** What `clip.v1.EncodeResponse` is written from. */
export interface EncodeReply {
  id: string;
  model: string;
  results: readonly ItemResult[];
  error?: DomainError;
}

/** Plain object of `clip.v1.Error`. */
export interface ErrorMessage {
  code: string;
  message: string;
  retryable: boolean;
  retryAfterMs: number;
}

/** An item's failure as our API tells it. */
export function toErrorMessage(error: DomainError): ErrorMessage {
  return {
    code: error.code,
    message: error.message,
    retryable: statusOf(error.code).retryable,
    retryAfterMs: Math.ceil(error.retryAfterMs ?? 0),
  };
}

/** Bytes of a result but for its vector; only a hint. */
const resultBytes = 96;

/**
 * A reply as `clip.v1.EncodeResponse`, written in turns of the event loop. A packed `repeated float` is on the wire
 * what a float32 little-endian buffer is in memory, so vectors are copied as bytes and not walked number by number.
 */
export async function encodeEncodeResponse(reply: EncodeReply): Promise<OutgoingMessage> {
  const vectors = reply.results.reduce((sum, result) => sum + (result.ok ? result.embedding.byteLength : 0), 0);
  const writer = new WireWriter(512 + vectors + resultBytes * reply.results.length);
  if (reply.id !== '') writer.string(1, reply.id);
  if (reply.model !== '') writer.string(2, reply.model);
  for (const result of reply.results) {
    if (turns.isOver) await turns.next();
    writer.message(3, () => writeResult(writer, result));
  }
  const { error } = reply;
  if (error) writer.message(4, () => writeError(writer, error));
  return new OutgoingMessage(writer.finishPieces());
}

function writeResult(writer: WireWriter, result: ItemResult): void {
  if (!result.ok) return writer.message(2, () => writeError(writer, result.error));
  const { buffer, byteOffset, byteLength } = result.embedding;
  writer.message(1, () => writer.bytes(1, new Uint8Array(buffer, byteOffset, byteLength)));
  writer.message(3, () => writeTiming(writer, result.timing));
}

function writeTiming(writer: WireWriter, timing: Timing): void {
  writer.float(1, timing.queueMs);
  writer.float(2, timing.prepareMs);
  writer.float(3, timing.runMs);
  writer.integer(4, timing.batchSize);
  writer.string(5, timing.replica);
}

function writeError(writer: WireWriter, error: DomainError): void {
  const { code, message, retryable, retryAfterMs } = toErrorMessage(error);
  writer.string(1, code);
  writer.string(2, message);
  writer.integer(3, retryable ? 1 : 0);
  writer.integer(4, retryAfterMs);
}

import protobuf from 'protobufjs/minimal.js';
import { DomainError, type ItemResult, type Timing, faceOf } from '#core';

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
    retryable: faceOf(error.code).retryable,
    retryAfterMs: Math.ceil(error.retryAfterMs ?? 0),
  };
}

const DELIMITED = 2;
const FIXED32 = 5;
const VARINT = 0;
const tag = (field: number, wireType: number): number => (field << 3) | wireType;

/**
 * Writes `clip.v1.EncodeResponse`. A packed `repeated float` is on the wire what a float32 little-endian buffer is in
 * memory, so vectors are copied as bytes and not walked number by number.
 */
export function serializeEncodeResponse(reply: EncodeReply): Buffer {
  const writer = new protobuf.BufferWriter();
  if (reply.id !== '') writer.uint32(tag(1, DELIMITED)).string(reply.id);
  if (reply.model !== '') writer.uint32(tag(2, DELIMITED)).string(reply.model);
  for (const result of reply.results) writeResult(writer.uint32(tag(3, DELIMITED)).fork(), result).ldelim();
  if (reply.error) writeError(writer.uint32(tag(4, DELIMITED)).fork(), reply.error).ldelim();
  return Buffer.from(writer.finish());
}

function writeResult(writer: protobuf.Writer, result: ItemResult): protobuf.Writer {
  if (!result.ok) return writeError(writer.uint32(tag(2, DELIMITED)).fork(), result.error).ldelim();
  const { buffer, byteOffset, byteLength } = result.embedding;
  writer.uint32(tag(1, DELIMITED)).fork();
  writer
    .uint32(tag(1, DELIMITED))
    .bytes(new Uint8Array(buffer, byteOffset, byteLength))
    .ldelim();
  return writeTiming(writer.uint32(tag(3, DELIMITED)).fork(), result.timing).ldelim();
}

function writeTiming(writer: protobuf.Writer, timing: Timing): protobuf.Writer {
  writer.uint32(tag(1, FIXED32)).float(timing.queueMs);
  writer.uint32(tag(2, FIXED32)).float(timing.prepareMs);
  writer.uint32(tag(3, FIXED32)).float(timing.runMs);
  writer.uint32(tag(4, VARINT)).uint32(timing.batchSize);
  return writer.uint32(tag(5, DELIMITED)).string(timing.replica);
}

function writeError(writer: protobuf.Writer, error: DomainError): protobuf.Writer {
  const message = toErrorMessage(error);
  writer.uint32(tag(1, DELIMITED)).string(message.code);
  writer.uint32(tag(2, DELIMITED)).string(message.message);
  writer.uint32(tag(3, VARINT)).bool(message.retryable);
  return writer.uint32(tag(4, VARINT)).uint32(message.retryAfterMs);
}

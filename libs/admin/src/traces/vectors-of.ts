import type { IncomingMessage } from 'node:http';
import { DomainError, parseJson } from '#core';

/** 64 vectors of 4096 numbers are 1.4 MiB in base64; nothing of ours answers with more. */
const ANSWER_BYTES_MAX = 16 * 2 ** 20;

/**
 * Reads the vectors of an answer of `/v1/embeddings` in base64, in the order of its items.
 *
 * @throws DomainError `unavailable` for an answer that is larger, or none of `count` vectors
 */
export async function vectorsOf(answer: IncomingMessage, count: number): Promise<readonly Float32Array[]> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const incoming: AsyncIterable<Buffer> = answer;
  for await (const chunk of incoming) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) throw unreadable();
    chunks.push(chunk);
  }
  const body = parseJson(Buffer.concat(chunks).toString('utf8'));
  const data: unknown = isRecord(body) ? body['data'] : undefined;
  if (!Array.isArray(data) || data.length !== count) throw unreadable();
  return data.map((one: unknown) => floatsOf(isRecord(one) ? one['embedding'] : undefined));
}

/** Float32, little-endian; the copy starts where a Float32Array may. */
function floatsOf(base64: unknown): Float32Array {
  if (typeof base64 !== 'string') throw unreadable();
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length === 0 || bytes.length % 4 !== 0) throw unreadable();
  return Float32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function unreadable(): DomainError {
  return new DomainError(
    'unavailable',
    'What answers at CAS_INFERENCE_URL gave no vectors in the form of /v1/embeddings. Check the address.',
  );
}

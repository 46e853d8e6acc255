import type { IncomingMessage } from 'node:http';
import { isErrorCode, parseJson, type ErrorCode } from '#core';

/** No failure of the inference API is longer. */
const FAILURE_BYTES_MAX = 64 * 1024;

/**
 * What went wrong, of a failure of the inference API, in the form of this one. Something else that answers there (a
 * proxy, say) is `unavailable`.
 */
export async function failureOf(answer: IncomingMessage): Promise<{ code: ErrorCode; message: string }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const incoming: AsyncIterable<Buffer> = answer;
  for await (const chunk of incoming) {
    bytes += chunk.length;
    if (bytes > FAILURE_BYTES_MAX) break;
    chunks.push(chunk);
  }
  const body = parseJson(Buffer.concat(chunks).toString('utf8'));
  const error = isRecord(body) ? body['error'] : undefined;
  if (isRecord(error) && isErrorCode(error['code']) && typeof error['message'] === 'string') {
    return { code: error['code'], message: error['message'] };
  }
  return {
    code: 'unavailable',
    message: `What answers at CAS_INFERENCE_URL is not the inference API (HTTP status ${answer.statusCode}). Check the address.`,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

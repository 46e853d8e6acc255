import { isUtf8 } from 'node:buffer';
import { DomainError, turns } from '#core';
import { firstInvalidByte } from './first-invalid-byte.js';

/** So many bytes are checked at once. */
const PIECE_BYTES = 1024 * 1024;

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Makes sure that a body is UTF-8, and gives it without a byte-order mark. Anything else would be read as replacement characters,
 * and its vectors would be those of another text. Throws `invalid_argument`, which names the first byte that is wrong.
 */
export async function requireUtf8(bytes: Buffer, what: string): Promise<Buffer> {
  for (let at = 0; at < bytes.length;) {
    if (turns.isOver) await turns.next();
    const end = characterEnd(bytes, at + PIECE_BYTES);
    if (!isUtf8(bytes.subarray(at, end))) throw notUtf8(what, at + firstInvalidByte(bytes.subarray(at, end)));
    at = end;
  }
  const hasMark = bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  return hasMark ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes;
}

/** `at`, or as many bytes before it as belong to a character that goes on there. */
function characterEnd(bytes: Buffer, at: number): number {
  if (at >= bytes.length) return bytes.length;
  let end = at;
  while (end > at - 3 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return end;
}

function notUtf8(what: string, at: number): DomainError {
  return new DomainError(
    'invalid_argument',
    `${what} is not valid UTF-8: byte ${at} begins no character. Encode texts as UTF-8; other encodings are not read.`,
  );
}

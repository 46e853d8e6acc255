import { isUtf8 } from 'node:buffer';
import { DomainError, turns } from '#core';

/** So many bytes are checked at once. */
const PIECE_BYTES = 1024 * 1024;

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Makes sure that a body is UTF-8, and gives it without a byte-order mark. Anything else would be read as replacement
 * characters, and its vectors would be those of another text. Throws `invalid_argument`, which names the first byte
 * that is wrong.
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

/** Bytes that are looked at together; any figure that is not tiny does. */
const WINDOW_BYTES = 4096;

/**
 * Where `bytes` stop being UTF-8 (RFC 3629): the place, from 0, of the first byte that is no part of a whole,
 * well-formed character. -1 when all of them are UTF-8.
 */
export function firstInvalidByte(bytes: Uint8Array): number {
  let start = 0;
  while (start < bytes.length) {
    const end = characterStart(bytes, Math.min(start + WINDOW_BYTES, bytes.length));
    const window = bytes.subarray(start, end);
    if (!isUtf8(window)) return start + firstInvalidWithin(window);
    start = end;
  }
  return -1;
}

/** `at`, or the up to three bytes earlier place where the character begins that goes over it. */
function characterStart(bytes: Uint8Array, at: number): number {
  for (let place = at; place > at - 4; place--) {
    if (((bytes[place] ?? 0) & 0xc0) !== 0x80) return place;
  }
  return at; // four in a row that continue a character: not valid, wherever they are cut
}

/** Each replacement character of the decoded text stands for an invalid byte, unless it is in the bytes itself. */
function firstInvalidWithin(bytes: Uint8Array): number {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  let place = 0;
  for (let from = 0, found = 0; found >= 0; from = found + 1) {
    found = text.indexOf('\uFFFD', from);
    place += Buffer.byteLength(text.slice(from, found));
    const isSent = bytes[place] === 0xef && bytes[place + 1] === 0xbf && bytes[place + 2] === 0xbd;
    if (!isSent) return place;
    place += 3;
  }
  return place;
}

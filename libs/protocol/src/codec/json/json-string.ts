import { BACKSLASH } from './json-bytes.js';

/**
 * Where a part of a JSON string may end, at `end` or a few bytes before it: not within a UTF-8 character nor within an escape.
 * `start` is such a place itself.
 */
export function stringEndBefore(bytes: Buffer, start: number, end: number): number {
  let at = end;
  while (at > start && ((bytes[at] ?? 0) & 0xc0) === 0x80) at -= 1;
  for (let before = at - 1; before >= Math.max(start, at - 6); before -= 1) {
    if (bytes[before] !== BACKSLASH) continue;
    if (backslashesUpTo(bytes, start, before) % 2 === 0) break;
    const length = bytes[before + 1] === 0x75 ? 6 : 2; // `\u` and four digits, or one letter
    if (before + length > at) at = before;
    break;
  }
  return at > start ? at : end;
}

function backslashesUpTo(bytes: Buffer, start: number, last: number): number {
  let count = 0;
  while (last - count >= start && bytes[last - count] === BACKSLASH) count += 1;
  return count;
}

/** A long string is written in pieces of so many characters. */
const PIECE_CHARS = 64 * 1024;

/** Bytes become base64 in pieces of so many, a multiple of three. */
const PIECE_BYTES = 48 * 1024;

/** A string as JSON text, in pieces. */
export function* stringPieces(text: string): Generator<string, void> {
  if (text.length <= PIECE_CHARS) return yield JSON.stringify(text);
  yield '"';
  for (let at = 0; at < text.length; at += PIECE_CHARS) {
    // Half of a surrogate pair at either end is escaped, and the two escapes are the pair again.
    yield JSON.stringify(text.slice(at, at + PIECE_CHARS)).slice(1, -1);
  }
  yield '"';
}

/** Bytes as JSON text: standard base64 with padding, which has nothing to escape, in pieces. */
export function* base64Pieces(bytes: Uint8Array): Generator<string, void> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length <= PIECE_BYTES) return yield `"${buffer.toString('base64')}"`;
  yield '"';
  for (let at = 0; at < buffer.length; at += PIECE_BYTES) yield buffer.toString('base64', at, at + PIECE_BYTES);
  yield '"';
}

import { decodeBase64, DomainError, turns } from '#core';
import { imageTooLarge } from './fetch-error.js';

/**
 * Base64 may be broken into lines (of 64 or 76 characters, RFC 7468 and 2045); this much more text is still in order.
 */
const lineBreakSlack = 1.06;

/**
 * The bytes of a `data:` URI (RFC 2397), base64 (both alphabets, line breaks allowed) or percent-encoded. The media
 * type is ignored: the image's own bytes say what it is. A long one is decoded in slices of the event loop. Rejects
 * with `image_too_large` before decoding what cannot fit and `image_unreadable` when the URI is malformed.
 */
export async function decodeDataUri(uri: string, bytesMax: number): Promise<Uint8Array> {
  const comma = uri.indexOf(',');
  if (comma < 0) throw malformed('it has no comma before the data');
  const isBase64 = /;\s*base64\s*$/i.test(uri.slice(0, Math.min(comma, headCharsMax)));
  const payload = uri.slice(comma + 1);
  const charsMax = isBase64 ? Math.ceil(bytesMax / 3) * 4 * lineBreakSlack : bytesMax;
  if (payload.length > charsMax * (payload.includes('%') ? 3 : 1)) throw imageTooLarge(bytesMax);
  const bytes = await (isBase64 ? decodeEither(payload) : decodePercent(payload));
  if (bytes.byteLength > bytesMax) throw imageTooLarge(bytesMax);
  return bytes;
}

/** Longer heads are cut: no media type needs them, and a search in them would cost. */
const headCharsMax = 1024;

async function decodeEither(payload: string): Promise<Uint8Array> {
  const text = payload.includes('%') ? (await decodePercent(payload)).toString('latin1') : payload;
  const bytes = await decodeBase64(text);
  if (bytes) return bytes;
  throw malformed('its data is not base64');
}

/** So many bytes are decoded in one go, some milliseconds' worth. */
const SLICE_BYTES = 1024 * 1024;

/** What is no longer than this is decoded at once: a turn of the event loop costs more than its decoding. */
const SMALL_BYTES = 16 * 1024;

/** Bytes, not text: `decodeURIComponent` would insist on UTF-8. */
async function decodePercent(payload: string): Promise<Buffer> {
  const bytes = Buffer.from(payload, 'utf8');
  let length = 0;
  for (let at = 0; at < bytes.byteLength;) {
    if (bytes.byteLength > SMALL_BYTES && turns.isOver) await turns.next();
    for (const end = Math.min(at + SLICE_BYTES, bytes.byteLength); at < end; at += 1) {
      const escaped = bytes[at] === percentSign ? hexPair(bytes[at + 1], bytes[at + 2]) : -1;
      // In place: what is written lies before what is still to be read.
      bytes[length] = escaped < 0 ? (bytes[at] ?? 0) : escaped;
      if (escaped >= 0) at += 2;
      length += 1;
    }
  }
  return bytes.subarray(0, length);
}

const percentSign = 0x25;

/** What each byte is worth as a hexadecimal digit; -1 for those that are none. */
const hexDigits = Int8Array.from({ length: 256 }, (_, byte) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase()),
);

/** The byte that two digits stand for; negative when they are none. */
function hexPair(high = 0, low = 0): number {
  const [left = -1, right = -1] = [hexDigits[high], hexDigits[low]];
  return left < 0 || right < 0 ? -1 : left * 16 + right;
}

function malformed(why: string): DomainError {
  return new DomainError('image_unreadable', `The data URI cannot be read: ${why}.`);
}

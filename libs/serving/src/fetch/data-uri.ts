import { DomainError } from '#core';
import { imageTooLarge } from './fetch-error.js';

/** Base64 may be broken into lines (of 64 or 76 characters, RFC 7468 and 2045); this much more text is still in order. */
const lineBreakSlack = 1.06;

/**
 * The bytes of a `data:` URI (RFC 2397), base64 (both alphabets, line breaks allowed) or percent-encoded. The media
 * type is ignored: the image's own bytes say what it is. Throws `image_too_large` before decoding what cannot fit and
 * `image_unreadable` when the URI is malformed.
 */
export function decodeDataUri(uri: string, bytesMax: number): Uint8Array {
  const comma = uri.indexOf(',');
  if (comma < 0) throw malformed('it has no comma before the data');
  const isBase64 = /;\s*base64\s*$/i.test(uri.slice(0, Math.min(comma, headCharsMax)));
  const payload = uri.slice(comma + 1);
  const charsMax = isBase64 ? Math.ceil(bytesMax / 3) * 4 * lineBreakSlack : bytesMax;
  if (payload.length > charsMax * (payload.includes('%') ? 3 : 1)) throw imageTooLarge(bytesMax);
  const bytes = isBase64 ? decodeBase64(payload) : decodePercent(payload);
  if (bytes.byteLength > bytesMax) throw imageTooLarge(bytesMax);
  return bytes;
}

/** Longer heads are cut: no media type needs them, and a search in them would cost. */
const headCharsMax = 1024;

function decodeBase64(payload: string): Uint8Array {
  const text = payload.includes('%') ? decodePercent(payload).toString('latin1') : payload;
  // Node skips what is not base64, which would turn a typing error into a broken image.
  if (/[^A-Za-z0-9+/_=\s-]/.test(text)) throw malformed('its data is not base64');
  return Buffer.from(text, 'base64');
}

/** Bytes, not text: `decodeURIComponent` would insist on UTF-8. */
function decodePercent(payload: string): Buffer {
  const source = Buffer.from(payload, 'utf8');
  const target = Buffer.alloc(source.byteLength);
  let length = 0;
  for (let at = 0; at < source.byteLength; at += 1) {
    const byte = source[at] ?? 0;
    const escaped = byte === percentSign ? /^[0-9a-f]{2}$/i.exec(source.toString('latin1', at + 1, at + 3)) : null;
    target[length] = escaped ? Number.parseInt(escaped[0], 16) : byte;
    if (escaped) at += 2;
    length += 1;
  }
  return target.subarray(0, length);
}

const percentSign = 0x25;

function malformed(why: string): DomainError {
  return new DomainError('image_unreadable', `The data URI cannot be read: ${why}.`);
}

import { decodeBase64, DomainError } from '#core';
import type { ItemSource } from '#serving';

/**
 * The start of a data URI (RFC 2397), in any case and with blanks before it: with a media type, or without one but with
 * `;base64`. A sentence that begins with the word does not look so.
 */
const DATA_URI = /^\s*data:\s*(?:image\/|[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*[;,]|;|,|base64,)/i;
/** Neither is longer; the search for its end would go through all of a large picture in base64. */
const HEAD_CHARS_MAX = 512;
const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
/** A path of one line; what is longer than any path is a file that was not encoded well. */
const PATH = /^(?=.*[./])[^\0\r\n]{1,4096}$/;

/** Whether a plain string is a picture rather than a text. */
export function isDataUri(text: string): boolean {
  return DATA_URI.test(text.slice(0, HEAD_CHARS_MAX));
}

/**
 * An image as a caller writes it: an address with a scheme, base64 of the file (both alphabets, line breaks allowed), or a
 * path inside the operator's folder. Blanks around it do not count. A path whose letters could all be base64 has to be
 * written as `file:` URI. Throws `invalid_argument` naming `where`.
 */
export async function parseImage(value: string, where: string): Promise<ItemSource> {
  const given = value.trim();
  if (HAS_SCHEME.test(given.slice(0, HEAD_CHARS_MAX))) return { kind: 'uri', uri: given };
  const bytes = await decodeBase64(given);
  if (bytes) return { kind: 'image', bytes };
  if (PATH.test(given) && !BASE64.test(given)) return { kind: 'uri', uri: given };
  throw new DomainError('invalid_argument', `${where} is not an image: give a URL, a data URI or base64 of the file.`);
}

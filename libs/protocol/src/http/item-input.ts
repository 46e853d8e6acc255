import { DomainError } from '#core';
import type { ItemSource } from '#serving';

/** How plain strings are meant. */
export type Modality = 'text' | 'image';

/**
 * One item of `/v1/embeddings` or `/v1/rank`. A string is a text (an image where `modality` says so, or where it is a
 * `data:image/` URI, which is no sentence); an object says which: `{"text": …}`, `{"image": URL | data URI | base64}`,
 * `{"image_url": URL | {"url": …}}`, each also with OpenAI's `type`. Throws `invalid_argument` naming `where`.
 */
export function parseItem(value: unknown, where: string, modality: Modality): ItemSource {
  if (typeof value === 'string') {
    const isImage = modality === 'image' || value.startsWith('data:image/');
    return isImage ? parseImage(value, where) : { kind: 'text', text: value };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongShape(where);
  if ('text' in value && typeof value.text === 'string') return { kind: 'text', text: value.text };
  if ('image' in value && typeof value.image === 'string') return parseImage(value.image, where);
  if ('image_url' in value) return parseImage(urlOf(value.image_url, where), where);
  throw wrongShape(where);
}

const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

function parseImage(value: string, where: string): ItemSource {
  if (HAS_SCHEME.test(value)) return { kind: 'uri', uri: value };
  const compact = value.replace(/\s+/g, '');
  if (!BASE64.test(compact)) {
    throw new DomainError(
      'invalid_argument',
      `${where} is not an image: give a URL, a data URI or base64 of the file.`,
    );
  }
  return { kind: 'image', bytes: Buffer.from(compact, 'base64') };
}

function urlOf(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && 'url' in value && typeof value.url === 'string') return value.url;
  throw wrongShape(where);
}

function wrongShape(where: string): DomainError {
  return new DomainError(
    'invalid_argument',
    `${where} is neither text nor image: give a string, {"text": "…"} or {"image": "URL, data URI or base64"}.`,
  );
}

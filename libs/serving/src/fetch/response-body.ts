import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { fetchFailed, imageTooLarge } from './fetch-error.js';
import { passAtMost, readAtMost } from './read-at-most.js';

/** What of an HTTP answer decides how its body is read. A field that came twice is a list. */
export interface BodyHeaders {
  readonly 'content-length'?: string | undefined;
  readonly 'content-encoding'?: string | string[] | undefined;
}

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * The body's bytes. They are asked for uncompressed, but some servers compress all the same; the limit counts what
 * comes out of the decompression, and the decompression stops there, so a bomb never unfolds. It counts what goes in
 * too: an endless body may unfold to nothing. `host` is named in messages. More than one layer of compression is not
 * undone (`fetch_failed`).
 */
export async function readBody(
  body: Readable,
  headers: BodyHeaders,
  { host, bytesMax }: { host: string; bytesMax: number },
): Promise<Uint8Array> {
  if (Number(headers['content-length']) > bytesMax) throw imageTooLarge(bytesMax);
  const encoding = String(headers['content-encoding'] ?? 'identity')
    .trim()
    .toLowerCase();
  if (encoding === 'identity' || encoding === '') return readAtMost(body, bytesMax);
  const decoder = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined;
  if (!decoder) {
    throw fetchFailed(
      'encoding',
      `${host} sends the image in a compression that this server does not read. Send the image itself.`,
    );
  }
  return pipeline(
    body,
    (encoded) => passAtMost(encoded, bytesMax),
    decoder(),
    (decoded) => readAtMost(decoded, bytesMax),
  );
}

import { DomainError } from '#core';
import type { Dispatcher } from 'undici';
import { PassingFault } from './hub-errors.js';
import type { HubFile } from './hub-revision.js';

/** Reads the digest in an `ETag`: SHA-256 of large files, Git's SHA-1 of small ones, neither where it is none. */
export function digestIn(etag: string): Pick<HubFile, 'sha256' | 'gitSha1'> {
  const [, sha256, gitSha1] = /^(?:W\/)?"?(?:([0-9a-f]{64})|([0-9a-f]{40}))"?$/.exec(etag) ?? [];
  return { sha256, gitSha1 };
}

/** Reads a header that counts bytes; undefined when it is missing or no number. */
export function lengthIn({ headers }: Dispatcher.ResponseData, name: string): number | undefined {
  const value = text(headers[name]);
  return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/**
 * Resolves a redirect. Throws `unavailable` for a location that is no address, and for plain HTTP after HTTPS, where
 * anyone on the way could read along.
 */
export function redirectTarget(from: URL, location: string): URL {
  if (!URL.canParse(location, from)) {
    throw new DomainError(
      'unavailable',
      'The model hub answered with a redirect that has no address. Try again later, or check CAS_HUB_URL.',
      { internal: `${from.href} → ${location}` },
    );
  }
  const target = new URL(location, from);
  const isSafe = target.protocol === 'https:' || (target.protocol === 'http:' && from.protocol === 'http:');
  if (isSafe) return target;
  throw new DomainError(
    'unavailable',
    'The model hub redirects to an address without TLS, which is not followed. Check CAS_HUB_URL.',
    { internal: target.href },
  );
}

/** Returns the byte of the file at which the body of an answer starts. */
export function startOf(response: Dispatcher.ResponseData): number {
  if (response.statusCode === 200) return 0;
  const start = /^bytes (\d+)-/.exec(text(response.headers['content-range']))?.[1];
  return start === undefined ? 0 : Number(start);
}

/**
 * Reads a body as text and stops after about `bytesMax`. Rejects with a PassingFault when the connection ends early.
 */
export async function textAtMost(body: AsyncIterable<unknown>, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      if (!Buffer.isBuffer(chunk)) continue;
      bytes += chunk.length;
      if (bytes > bytesMax) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new PassingFault('the connection to the hub was cut', { cause });
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Returns a header that came once, else an empty text. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Readable, Transform } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '#core';
import { callerOf, STRANGER_BYTES_MAX, stranger } from '../access/caller.js';
import { RequestShapeError } from '../codec/index.js';
import type { ByteBudget } from '../budget/index.js';
import { collectBody, releaseBody, releaseWhenGone, type SizeBound } from './collect-body.js';
import { hasBody } from './discard-rest.js';

/** A map and no object: the name comes from the caller, and `constructor` is no encoding. */
const DECOMPRESSORS = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/**
 * Reads JSON bodies of at most `bytesMax`, counted after decompression, so that a small bomb is refused as early as a large
 * body; each is counted in `budget` until it is answered. A body without a content type is taken for JSON, as the original server does.
 * Of a caller without a token only a small body is read: a larger one carries something to compute and fails with `missing`.
 */
export function registerBodyParser(
  fastify: FastifyInstance,
  bytesMax: number,
  budget: ByteBudget,
  missing: () => DomainError,
): void {
  fastify.addHook('preParsing', (req, res, _body, done) => {
    if (hasBody(req.raw)) {
      req.raw.headers['content-type'] ??= 'application/json';
      releaseWhenGone(req.raw, res.raw);
    }
    done();
  });
  fastify.addHook('onSend', (req, _res, _answer, done) => {
    releaseBody(req.raw);
    done();
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    /^application\/(.+\+)?json|^text\/plain/,
    async (req: FastifyRequest, body: Readable) => {
      const unpacked = decompressed(req, body);
      try {
        const isStranger = callerOf(req.raw, 'http').principal === stranger;
        const bound = isStranger ? { bytesMax: STRANGER_BYTES_MAX, tooLarge: missing } : sizeBound(bytesMax);
        const length = unpacked === body ? req.headers['content-length'] : undefined;
        return parseJson(
          await collectBody(req.raw, unpacked, budget, bound, length === undefined ? undefined : Number(length)),
        );
      } catch (err) {
        if (unpacked !== body) {
          body.unpipe();
          unpacked.destroy();
        }
        throw err;
      }
    },
  );
}

function decompressed(req: FastifyRequest, body: Readable): Readable {
  const encoding = req.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding === 'identity') return body;
  const create = DECOMPRESSORS.get(encoding);
  if (!create) {
    throw new DomainError(
      'unsupported_media_type',
      `Content-Encoding ${JSON.stringify(encoding)} is not known here; use gzip, deflate, br or none.`,
    );
  }
  const stream = create();
  body.on('error', (err) => stream.destroy(err));
  return body.pipe(stream);
}

function sizeBound(bytesMax: number): SizeBound {
  const text = `The body is larger than ${bytesMax} bytes. Send fewer or smaller items.`;
  return { bytesMax, tooLarge: () => new DomainError('request_too_large', text) };
}

/** The original server's words for a body that is no JSON (FastAPI's 422). */
function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return value;
  } catch (err) {
    const reason = err instanceof Error ? err.message.replace(/, ".*$|\.\.\. .*$/s, '') : 'not JSON';
    throw RequestShapeError.invalidJson(reason);
  }
}

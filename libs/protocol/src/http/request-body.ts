import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { FastifyRequest, FastifyInstance } from 'fastify';
import { DomainError } from '#core';
import { arrivalOf } from '../request/arrival.js';
import { callerOf, isUnauthenticated, UNAUTHENTICATED_BYTES_MAX } from '../request/caller.js';
import { requireUtf8 } from '../codec/index.js';
import type { ByteBudget } from '../budget/index.js';
import { collectBody, type SizeBound, releaseBody, releaseWhenGone } from './collect-body.js';
import { requireJsonType, typeOf, extractType } from './content-type.js';
import { hasBody } from './discard-rest.js';

/**
 * Gives every request that has a body a RequestBody, which reads at most `bytesMax` once somebody asks for it: what
 * nobody asks for, since the request is refused before, is not read. Each body is counted in `budget` until it is
 * answered. Of a caller without a token only a small body is read: a larger one carries something to compute and fails
 * with `missing`.
 */
export function registerBodyParser(
  fastify: FastifyInstance,
  bytesMax: number,
  budget: ByteBudget,
  missing: () => DomainError,
): void {
  fastify.addHook('preParsing', (req, res, _body, done) => {
    extractType(req.raw);
    if (hasBody(req.raw)) releaseWhenGone(req.raw, res.raw);
    done();
  });
  fastify.addHook('onSend', (req, _res, _answer, done) => {
    releaseBody(req.raw);
    done();
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', (req, stream, done) => {
    done(null, new RequestBody(req, stream, { bytesMax, budget, missing }));
  });
}

/** A map and no object: the name comes from the caller, and `constructor` is no encoding. */
const DECOMPRESSORS = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/** What the bodies of a server are read with. */
export interface BodyOptions {
  /** Largest body, after decompression. */
  readonly bytesMax: number;
  /** Where each body is counted until it is answered. */
  readonly budget: ByteBudget;
  /** Why a caller without a token is refused. */
  missing(): DomainError;
}

/** The body of one request that nobody has read yet. */
class RequestBody {
  constructor(
    private readonly req: FastifyRequest,
    private readonly stream: Readable,
    private readonly options: BodyOptions,
  ) {}

  /**
   * The bytes of the JSON in the body, unpacked, which are valid UTF-8; none for an empty body. Their number is counted
   * after decompression, so that a small bomb is refused as early as a large body. To be called once. Throws
   * `unsupported_media_type` for a type, charset or encoding that is not read here, `request_too_large`, and
   * `invalid_argument` for what cannot be read.
   */
  async read(): Promise<Buffer> {
    const { req, stream } = this;
    requireJsonType(typeOf(req.raw));
    const unpacked = decompressed(req, stream);
    try {
      const length = unpacked === stream ? req.headers['content-length'] : undefined;
      const bytesExpected = length === undefined ? undefined : Number(length);
      const bytes = await collectBody(req.raw, unpacked, this.options.budget, this.bound(), bytesExpected);
      return await requireUtf8(bytes, 'The body');
    } catch (err) {
      if (unpacked !== stream) {
        stream.unpipe();
        unpacked.destroy();
      }
      throw err;
    }
  }

  private bound(): SizeBound {
    const { bytesMax, missing } = this.options;
    const { principal } = callerOf(this.req.raw, 'http');
    return isUnauthenticated(principal)
      ? { bytesMax: UNAUTHENTICATED_BYTES_MAX, tooLarge: () => missing() }
      : sizeBound(bytesMax);
  }
}

/** The JSON bytes of a request; none where it has no body. See RequestBody. */
export async function readBody({ body, raw }: FastifyRequest): Promise<Buffer> {
  if (!(body instanceof RequestBody)) return Buffer.alloc(0);
  const arrival = arrivalOf(raw);
  if (!arrival) return body.read();
  const startMs = arrival.now();
  try {
    return await body.read();
  } finally {
    arrival.addLongPart('read', startMs);
  }
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

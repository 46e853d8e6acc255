import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anonymous, DomainError, ManualClock, type Principal } from '#core';
import { rememberCaller, STRANGER_BYTES_MAX, stranger } from '../access/caller.js';
import { ByteBudget } from '../budget/index.js';
import { registerBodyParser } from './body-parser.js';

const BYTES_MAX = 10_000;
const body = JSON.stringify({ data: [{ text: 'a cat' }] });
const bomb = Buffer.alloc(100 * BYTES_MAX, 0x20);

let fastify: FastifyInstance;
let principal: Principal;
beforeEach(() => {
  fastify = Fastify();
  principal = anonymous;
  fastify.addHook('onRequest', (req, _res, done) => {
    rememberCaller(req.raw, { principal, protocol: 'http', address: '192.0.2.1' });
    done();
  });
  const missing = (): DomainError => new DomainError('unauthenticated', 'A token is needed.');
  const budget = new ByteBudget({ bytesMax: 2 * BYTES_MAX, messageBytesMax: BYTES_MAX, clock: new ManualClock() });
  registerBodyParser(fastify, BYTES_MAX, budget, missing);
  fastify.post('/', (req) => ({ body: req.body ?? null }));
  fastify.setErrorHandler((err, _req, res) => res.code(400).send({ code: DomainError.from(err).code }));
});
afterEach(() => fastify.close());

function post(payload: Buffer | string, headers: Record<string, string> = {}, url = '/') {
  return fastify.inject({
    method: 'POST',
    url,
    payload,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

const ENCODED: [string, (data: Buffer) => Buffer][] = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['GZIP', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['identity', (data) => data],
];

describe('registerBodyParser', () => {
  it.each(ENCODED)('reads a %s body', async (encoding, encode) => {
    const answer = await post(encode(Buffer.from(body)), { 'content-encoding': encoding });
    expect(answer.json()).toEqual({ body: JSON.parse(body) });
  });

  it.each(ENCODED)(
    'refuses a %s body that is too large once it is unpacked, and goes on serving',
    async (encoding, encode) => {
      const refused = await post(encode(bomb), { 'content-encoding': encoding });
      expect(refused.json()).toEqual({ code: 'request_too_large' });
      expect((await post(body)).statusCode).toBe(200);
    },
  );

  it.each(ENCODED.slice(0, 5))('refuses a %s body that is cut short', async (encoding, encode) => {
    const cut = encode(Buffer.from(body)).subarray(0, -9);
    expect((await post(cut, { 'content-encoding': encoding })).json()).toEqual({ code: 'invalid_argument' });
  });

  it.each(['zstd', 'gzip, br', '', 'constructor', '__proto__', 'toString'])(
    'refuses the encoding %j, which it does not know',
    async (encoding) => {
      const answer = await post(body, { 'content-encoding': encoding });
      expect(answer.json()).toEqual({ code: 'unsupported_media_type' });
    },
  );

  it('gives the room of refused bodies back', async () => {
    for (let round = 0; round < 10; round++) await post(gzipSync(bomb), { 'content-encoding': 'gzip' });
    expect((await post(body)).statusCode).toBe(200);
  });

  it.each(['{"data":', 'nonsense', '{"a":1}x'])('refuses %j, which is no JSON', async (text) => {
    expect((await post(text)).json()).toEqual({ code: 'invalid_argument' });
  });

  it('takes a body whose type nobody told for JSON, as the original server does', async () => {
    const answer = await fastify.inject({ method: 'POST', url: '/', payload: Buffer.from(body) });
    expect(answer.json()).toEqual({ body: JSON.parse(body) });
  });

  it('takes an empty body for none', async () => {
    expect((await post('')).json()).toEqual({ body: null });
  });

  it('reads a small body of a caller without a token, and of a larger one no more than that', async () => {
    principal = stranger;
    expect((await post(body)).json()).toEqual({ body: JSON.parse(body) });
    const large = JSON.stringify({ data: [{ text: 'a'.repeat(STRANGER_BYTES_MAX) }] });
    expect((await post(large)).json()).toEqual({ code: 'unauthenticated' });
    expect((await post(gzipSync(large), { 'content-encoding': 'gzip' })).json()).toEqual({ code: 'unauthenticated' });
  });
});

describe('the room for bodies', () => {
  const large = JSON.stringify({ data: [{ text: 'a'.repeat(0.9 * BYTES_MAX) }] });

  it('is held until the answer: the next large body is read only then', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const reached: number[] = [];
    fastify.post('/held/:at', async (req: FastifyRequest<{ Params: { at: string } }>) => {
      const at = Number(req.params.at);
      reached.push(at);
      await gates[at]?.promise;
      return {};
    });
    const [first, second] = [0, 1].map((at) => post(large, {}, `/held/${at}`));
    await eventually(() => reached.length > 0);
    expect((await post(body)).statusCode).toBe(200);
    expect(reached).toEqual([0]);
    gates[0]?.resolve();
    expect((await first)?.statusCode).toBe(200);
    gates[1]?.resolve();
    expect((await second)?.statusCode).toBe(200);
  });

  it.each([
    ['failed', () => Promise.reject(new DomainError('internal', 'It broke.'))],
    ['answered', () => Promise.resolve({})],
  ])('is free again when requests have %s', async (_how, handle) => {
    fastify.post('/room', handle);
    for (let round = 0; round < 10; round++) await post(large, {}, '/room');
    expect((await post(large)).statusCode).toBe(200);
  });

  it('is shared in turn by bodies whose length nobody told', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post(gzipSync(large), { 'content-encoding': 'gzip' })),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array<number>(20).fill(200));
  });
});

async function eventually(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}

import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anonymous, DomainError, ManualClock, type Principal } from '#core';
import { authenticatedAs } from '../testing/authenticated-as.js';
import { rememberCaller, UNAUTHENTICATED_BYTES_MAX, unauthenticated } from '../request/caller.js';
import { ByteBudget } from '../budget/index.js';
import { registerBodyParser, readBody } from './request-body.js';

const BYTES_MAX = 10_000;
const body = JSON.stringify({ data: [{ text: 'a cat' }] });
const bomb = Buffer.alloc(100 * BYTES_MAX, 0x20);

let fastify: FastifyInstance;
let principal: Principal;
beforeEach(() => {
  fastify = Fastify();
  principal = anonymous;
  fastify.addHook('onRequest', (req, _res, done) => {
    rememberCaller(req.raw, { ...authenticatedAs(principal), protocol: 'http', address: '192.0.2.1' });
    done();
  });
  const missing = (): DomainError => new DomainError('unauthenticated', 'A token is needed.');
  const budget = new ByteBudget({ bytesMax: 2 * BYTES_MAX, messageBytesMax: BYTES_MAX, clock: new ManualClock() });
  registerBodyParser(fastify, BYTES_MAX, budget, missing);
  fastify.post('/', async (req) => {
    const bytes = await readBody(req);
    return { body: bytes.length === 0 ? null : JSON.parse(bytes.toString()) };
  });
  fastify.setErrorHandler((err, _req, res) => res.code(400).send(shown(err)));
});
afterEach(() => fastify.close());

function shown(thrown: unknown): object {
  const { code, message } = DomainError.from(thrown);
  return { code, text: message };
}

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
      expect(refused.json()).toMatchObject({ code: 'request_too_large' });
      expect((await post(body)).statusCode).toBe(200);
    },
  );

  it.each(ENCODED.slice(0, 5))('refuses a %s body that is cut short', async (encoding, encode) => {
    const cut = encode(Buffer.from(body)).subarray(0, -9);
    expect((await post(cut, { 'content-encoding': encoding })).json()).toMatchObject({ code: 'invalid_argument' });
  });

  it.each(['zstd', 'gzip, br', '', 'constructor', '__proto__', 'toString'])(
    'refuses the encoding %j, which it does not know',
    async (encoding) => {
      const answer = await post(body, { 'content-encoding': encoding });
      expect(answer.json()).toMatchObject({ code: 'unsupported_media_type' });
    },
  );

  it('gives the room of refused bodies back', async () => {
    for (let round = 0; round < 10; round++) await post(gzipSync(bomb), { 'content-encoding': 'gzip' });
    expect((await post(body)).statusCode).toBe(200);
  });

  it('refuses a body that is not UTF-8 and names the byte, packed or not', async () => {
    const latin1 = Buffer.from('{"a":"caf\xe9"}', 'latin1');
    const refusal = { code: 'invalid_argument', text: expect.stringContaining('byte 9 ') as unknown };
    expect((await post(latin1)).json()).toMatchObject(refusal);
    expect((await post(gzipSync(latin1), { 'content-encoding': 'gzip' })).json()).toMatchObject(refusal);
  });

  it('reads a body behind a byte-order mark', async () => {
    expect((await post(`\ufeff${body}`)).json()).toEqual({ body: JSON.parse(body) });
  });

  it.each(['latin1', 'iso-8859-1', 'windows-1251', 'utf-16', 'gbk'])(
    'refuses the charset %s by its name',
    async (charset) => {
      const answer = await post(body, { 'content-type': `application/json; charset=${charset}` });
      expect(answer.json()).toMatchObject({
        code: 'unsupported_media_type',
        text: expect.stringContaining(`"${charset}"`) as unknown,
      });
    },
  );

  it.each(['utf-8', 'UTF-8', '"utf-8"', 'utf8', 'us-ascii'])('reads the charset %s', async (charset) => {
    const answer = await post(body, { 'content-type': `application/json; charset=${charset}` });
    expect(answer.json()).toEqual({ body: JSON.parse(body) });
  });

  it.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/jsonp',
    'text/html',
    'json',
    '/',
    'a b; c',
    '',
  ])('refuses the type "%s"', async (type) => {
    expect((await post(body, { 'content-type': type })).json()).toMatchObject({ code: 'unsupported_media_type' });
  });

  it('reads nothing of a body that nobody asks for', async () => {
    fastify.post('/unread', () => ({}));
    expect((await post('not JSON at all', {}, '/unread')).json()).toEqual({});
  });

  it('takes a body whose type nobody told for JSON, as the original server does', async () => {
    const answer = await fastify.inject({ method: 'POST', url: '/', payload: Buffer.from(body) });
    expect(answer.json()).toEqual({ body: JSON.parse(body) });
  });

  it('takes an empty body for none', async () => {
    expect((await post('')).json()).toEqual({ body: null });
  });

  it('reads a small body of a caller without a token, and of a larger one no more than that', async () => {
    principal = unauthenticated;
    expect((await post(body)).json()).toEqual({ body: JSON.parse(body) });
    const large = JSON.stringify({ data: [{ text: 'a'.repeat(UNAUTHENTICATED_BYTES_MAX) }] });
    expect((await post(large)).json()).toMatchObject({ code: 'unauthenticated' });
    expect((await post(gzipSync(large), { 'content-encoding': 'gzip' })).json()).toMatchObject({
      code: 'unauthenticated',
    });
  });
});

describe('the room for bodies', () => {
  const large = JSON.stringify({ data: [{ text: 'a'.repeat(0.9 * BYTES_MAX) }] });

  it('is held until the answer: the next large body is read only then', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const reached: number[] = [];
    fastify.post('/held/:at', async (req: FastifyRequest<{ Params: { at: string } }>) => {
      const at = Number(req.params.at);
      await readBody(req);
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
    fastify.post('/room', async (req) => {
      await readBody(req);
      return handle();
    });
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

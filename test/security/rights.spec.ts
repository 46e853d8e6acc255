import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mintToken } from '#auth';
import { SCOPES, type Scope } from '#core';
import { ENCODE_CALLS } from '../e2e/support/calls-with-token.js';
import { grpcClient, unary } from '../e2e/support/grpc-clients.js';
import { call } from '../e2e/support/http-call.js';
import { mintSecret } from '../../libs/auth/src/tokens/token-format.js';
import { RED_SQUARE } from '../../libs/protocol/src/openapi/describe.js';
import { startServer, type RunningServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';

let desk: TokenDesk;
let server: RunningServer;
const tokens = new Map<Scope, string>();
beforeAll(async () => {
  desk = await TokenDesk.open();
  for (const scope of SCOPES) tokens.set(scope, (await desk.create({ scopes: [scope] })).token);
  server = await startServer({ env: { ...desk.env, CAS_AUTH: 'required' } });
});
afterAll(async () => {
  await server?.stop();
  await desk?.[Symbol.asyncDispose]();
});

const texts = (...of: string[]): object[] => of.map((text) => ({ text }));

/** What can be asked of the inference port, the scope that it needs, and what to send. */
const ROUTES: readonly [route: string, needs: Scope, body?: object][] = [
  ['POST /v1/embeddings', 'encode', { input: 'a cat' }],
  ['POST /embeddings', 'encode', { input: 'a cat' }],
  ['POST /encode', 'encode', { data: texts('a cat') }],
  ['POST /post', 'encode', { data: texts('a cat'), execEndpoint: '/encode' }],
  ['POST /v1/rank', 'rank', { query: 'a cat', candidates: ['a dog'] }],
  ['POST /v1/explain', 'rank', { image: RED_SQUARE, texts: ['a red square'], grid: 3 }],
  ['POST /rank', 'rank', { data: [{ text: 'a cat', matches: texts('a dog') }] }],
  ['POST /post', 'rank', { data: [{ text: 'a cat', matches: texts('a dog') }], execEndpoint: '/rank' }],
  ['GET /v1/models', 'models:read'],
  ['GET /models', 'models:read'],
  ['GET /v1/models/mini-clip', 'models:read'],
];

const METHODS: readonly [method: string, needs: Scope, message: object][] = [
  ['Encode', 'encode', { items: texts('a cat') }],
  ['Rank', 'rank', { query: { text: 'a cat' }, candidates: texts('a dog') }],
  ['ListModels', 'models:read', {}],
];

describe('a token with one scope', () => {
  it.each(ROUTES)('may ask %s only with %s', async (route, needs, body) => {
    const [method = '', path = ''] = route.split(' ');
    for (const [scope, token] of tokens) {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const { status } = await call(server.http(path), { method, headers, ...sent });
      expect(status, scope).toBe(scope === needs ? 200 : 403);
    }
  });

  it.each(METHODS)('may call clip.v1.Clip/%s only with %s', async (method, needs, message) => {
    const client = grpcClient('clip.v1.Clip', server.target);
    for (const [scope, token] of tokens) {
      const metadata = new Metadata();
      metadata.set('authorization', `Bearer ${token}`);
      const code = await unary(client, method, message, { metadata }).then(
        () => 0,
        (err: unknown) => (err as ServiceError).code,
      );
      expect(code, scope).toBe(scope === needs ? 0 : 7);
    }
    client.close();
  });

  it('may use the admin API only with admin:*', async () => {
    for (const [scope, token] of tokens) {
      const { status } = await call(server.admin('/api/tokens'), { headers: { authorization: `Bearer ${token}` } });
      expect(status, scope).toBe(scope === 'admin:*' ? 200 : 403);
    }
  });
});

/** The public part of a real token, another secret, and the checksum that fits. */
const guessOf = (token: string): string => mintSecret(token.slice(8, 20)).token;

describe('somebody who knows the public part of a token and guesses its secret', () => {
  const GUESSES = 200;
  /** A token that nobody knows is looked for in the database first, which takes a moment. */
  const AT_A_TIME = 20;

  it('is refused each time, in the words for a token that never was, while its owner is served', async () => {
    const token = tokens.get('encode')!;
    const ask = (bearer: string) =>
      call(server.http('/v1/embeddings'), {
        headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
        body: '{"input":"a cat"}',
      });
    const unknown = await ask(mintToken().token);
    for (let guess = 0; guess < GUESSES; guess += AT_A_TIME) {
      const answers = await Promise.all(Array.from({ length: AT_A_TIME }, () => ask(guessOf(token))));
      for (const { status, text } of answers) expect([status, text]).toEqual([401, unknown.text]);
    }
    expect((await ask(token)).status).toBe(200);
  });

  it.each(Object.entries(ENCODE_CALLS))('is refused by %s', async (_way, encode) => {
    const token = tokens.get('encode')!;
    for (let guess = 0; guess < 5; guess++) expect(await encode(server, guessOf(token))).toBe('unauthenticated');
    expect(await encode(server, token)).toBe('ok');
  });
});

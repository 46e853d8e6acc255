import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DomainError, type Principal } from '#core';
import { UNAUTHENTICATED_BYTES_MAX } from '../request/caller.js';
import { type RunningServer, startServer } from '../testing/running-server.js';
import { authenticatedAs } from '../testing/authenticated-as.js';

let server: RunningServer;
beforeEach(async () => {
  server = await startServer({ requestItemsMax: 3, requestBytesMax: 60_000 });
});
afterEach(() => server.app.close());

/** From now on every caller is `rights`. */
function callAs(rights: Partial<Principal>): void {
  const principal = { id: 'token-1', name: 'a token', scopes: [], limits: {}, ...rights };
  Object.assign(server.services.guard, { authenticate: () => Promise.resolve(authenticatedAs(principal)) });
}

async function post(path: string, body: string): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { method: 'POST', body, headers });
  return { status: answer.status, text: await answer.text() };
}

const served = 'ViT-B-32::openai';
const long = 'a'.repeat(UNAUTHENTICATED_BYTES_MAX);

describe('what a token may not do', () => {
  it.each([
    ['/v1/embeddings', 'no JSON at all'],
    ['/v1/rank', '{"query":5,'],
    ['/encode', `{"data":[{"text":[]}],"parameters":{"fill":"${long}"}}`],
    ['/post', `{"data":[{"blob":"!"}],"exec_endpoint":"/rank","parameters":{"fill":"${long}"}}`],
  ])('is refused before the items at %s are read', async (path, body) => {
    callAs({ scopes: ['models:read'] });
    expect((await post(path, body)).status).toBe(403);
    callAs({ scopes: ['encode', 'rank'] });
    expect((await post(path, body)).status).toBe(422);
  });

  it('is refused for a model before anything of it is told, and in the same words whether it is served or not', async () => {
    callAs({ scopes: ['encode', 'rank'], models: ['another'] });
    const ask = (model: string) => post('/v1/embeddings', `{"model":"${model}","dimensions":1,"input":[5]}`);
    const [known, unknown] = [await ask(served), await ask('none')];
    expect([known.status, unknown.status]).toEqual([403, 403]);
    expect(known.text.replace(served, '')).toBe(unknown.text.replace('none', ''));
    const rank = await post('/v1/rank', `{"model":"${served}","query":"a","candidates":[5]}`);
    expect(rank.status).toBe(403);
  });

  it('is no matter for a request that carries nothing to compute', async () => {
    callAs({ scopes: ['models:read'] });
    expect((await post('/encode', '{"data":[{"id":"a"}]}')).status).toBe(200);
    expect((await post('/encode', '{"data":[{"text":"a"}]}')).status).toBe(403);
  });
});

describe('every request is counted once', () => {
  it.each([
    ['/v1/embeddings', '{"input":["a","b"]}', 'embeddings', 'ok', 2],
    ['/embeddings', '{"input":"a"}', 'embeddings', 'ok', 1],
    ['/v1/embeddings', '{"input":["a",""]}', 'embeddings', 'item_failed', 2],
    ['/v1/embeddings', '{"input":["a","b","c","d"]}', 'embeddings', 'request_too_large', 4],
    ['/v1/embeddings', '{"input":"a","dimensions":1}', 'embeddings', 'invalid_argument', 1],
    ['/v1/embeddings', '{"input":"a","model":"none"}', 'embeddings', 'model_unknown', 1],
    ['/v1/embeddings', '{"inputs":"a"}', 'embeddings', 'invalid_argument', 0],
    ['/v1/embeddings', '{', 'embeddings', 'invalid_argument', 0],
    ['/v1/embeddings', `{"input":"${'a'.repeat(60_000)}"}`, 'embeddings', 'request_too_large', 0],
    ['/v1/rank', '{"query":"a","candidates":["b",""]}', 'rank', 'item_failed', 3],
    ['/v1/rank', '{"query":"a","candidates":["b","c","d"]}', 'rank', 'request_too_large', 4],
    ['/v1/rank', '{"query":"a"}', 'rank', 'invalid_argument', 0],
    ['/encode', '{"data":[{"text":"a"}]}', 'encode', 'ok', 1],
    ['/post', '{"data":[],"execEndpoint":"/rank"}', 'rank', 'ok', 0],
    ['/encode', '{"data":[{"uri":"nowhere:a"}]}', 'encode', 'item_failed', 1],
    ['/encode/none', '{"data":[{"text":"a"}]}', 'encode', 'model_unknown', 1],
    ['/encode', '{"data":[{"text":[]}]}', 'encode', 'invalid_argument', 1],
    ['/encode', '[]', 'encode', 'invalid_argument', 0],
    ['/encode', '{"data":[{},{},{},{}]}', 'encode', 'request_too_large', 4],
  ])('%s with %.60s', async (path, body, operation, outcome, items) => {
    await post(path, body);
    expect(server.outcomes).toMatchObject([{ protocol: 'http', operation, outcome, items }]);
    expect(server.outcomes).toHaveLength(1);
  });

  it.each(['text/html', 'json', 'a b; c', ''])('also one whose body has the type "%s", over HTTP/1.1', async (type) => {
    for (const path of ['/v1/embeddings', '/v1/rank', '/encode']) {
      const fields = ['Host: localhost', `Content-Type: ${type}`, 'Content-Length: 2', 'Connection: close'];
      const answer = await server.sendRaw(`POST ${path} HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n{}`);
      expect(answer).toMatch(/^HTTP\/1\.1 415 [^]*Only application\/json bodies/);
    }
    const outcomes = server.outcomes.map(({ operation, outcome }) => `${operation} ${outcome}`);
    const outcome = 'unsupported_media_type';
    expect(outcomes).toEqual([`embeddings ${outcome}`, `rank ${outcome}`, `encode ${outcome}`]);
  });

  it('also one that the caller may not make, and one that the full queue refuses', async () => {
    server.model.refusals = [new DomainError('queue_full', 'Full.')];
    await post('/v1/embeddings', '{"input":"a"}');
    callAs({ scopes: [] });
    await post('/v1/embeddings', '{"input":"a"}');
    expect(server.outcomes.map(({ outcome }) => outcome)).toEqual(['queue_full', 'permission_denied']);
  });
});

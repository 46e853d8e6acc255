import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DomainError } from '#core';
import { type RunningServer, startServer } from '../testing/running-server.js';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.app.close());

function send(method: string, path: string, body?: string): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`http://127.0.0.1:${server.port}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
}

/** The status line of the answer to a request line that no HTTP client would send. */
async function statusOf(requestLine: string): Promise<number> {
  const body = '{"data":[]}';
  const head = [requestLine, 'Host: x', 'Connection: close', 'Content-Type: application/json'];
  const answer = await server.sendRaw(`${head.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
}

describe('HttpErrorFilter', () => {
  it.each(['/encode/%zz', '/encode/%', '/rank/%E0%A4%A', '/encode/a%2F%zz', '/v1/models/%zz'])(
    "calls the path %s, which cannot be decoded, the caller's mistake",
    async (path) => {
      expect(await statusOf(`POST ${path} HTTP/1.1`)).toBe(400);
    },
  );

  it('tells of a path that cannot be decoded in the form of its neighbours, with the request id', async () => {
    const [openAi, plain] = [await send('GET', '/v1/models/%zz'), await send('POST', '/encode/%zz', '{}')];
    expect(await openAi.json()).toMatchObject({ error: { code: 'invalid_argument', type: 'invalid_request_error' } });
    expect(await plain.json()).toEqual({ detail: expect.stringMatching(/^The path cannot be decoded/) });
    for (const { headers } of [openAi, plain]) expect(headers.get('x-request-id')).toMatch(/./);
  });

  it('leaves a fragment that cannot be decoded out of the path', async () => {
    expect(await statusOf('POST /encode#%zz HTTP/1.1')).toBe(200);
    expect(await statusOf('POST /encode/ViT-B-32::openai#%zz HTTP/1.1')).toBe(200);
  });

  it.each(['/docs/../secret', '/docs/%2e%2e/%2e%2e/package.json', '/docs/..%2fsecret'])(
    "knows nothing at %s, and takes it for no fault of the server's",
    async (path) => {
      expect(await statusOf(`GET ${path} HTTP/1.1`)).toBe(404);
    },
  );

  it.each([
    ['GET', '/encode', 'POST'],
    ['PUT', '/v1/embeddings', 'POST'],
    ['OPTIONS', '/post', 'POST'],
    ['DELETE', '/v1/models', 'GET'],
    ['GET', '/encode#x', 'POST'],
    ['GET', '/encode/a/b', 'POST'],
    ['POST', '/v1/models/a/b', 'GET'],
    ['QUERY', '/health', 'GET'],
    ['QUERY', '/v1/models/a', 'GET'],
  ])('answers %s %s with 405 and what is allowed', async (method, path, allowed) => {
    const answer = await send(method, path);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allowed]);
  });

  it('answers HEAD where GET is answered, without a body', async () => {
    const answer = await send('HEAD', '/status');
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect((await send('HEAD', '/encode')).status).toBe(405);
  });

  it('answers in the form of the original server, and under /v1 in the form of OpenAI', async () => {
    expect(await (await send('POST', '/nowhere', '{}')).json()).toEqual({ detail: 'Not Found' });
    const refused = await send('POST', '/v1/embeddings', '{"input":"a","model":"none"}');
    expect(refused.status).toBe(404);
    expect(await refused.json()).toMatchObject({ error: { type: 'invalid_request_error', code: 'model_unknown' } });
  });

  it.each([
    ['unavailable', 503],
    ['shutting_down', 503],
    ['deadline_exceeded', 504],
  ] as const)('tells the Python client why it has to try again: %s', async (code, status) => {
    server.model.refusals = [new DomainError(code, 'Come back later.')];
    const answer = await send('POST', '/encode', '{"data":[{"text":"a"}]}');
    expect([answer.status, await answer.json()]).toEqual([
      status,
      { detail: 'Come back later.', header: { status: { code: 1, description: 'Come back later.' } } },
    ]);
    server.model.refusals = [new DomainError(code, 'Come back later.')];
    expect(await (await send('POST', '/v1/embeddings', '{"input":"a"}')).json()).not.toHaveProperty('header');
  });

  it('gives model names with slashes back whole, escaped or not', async () => {
    for (const path of ['/v1/models/M-CLIP/X', '/v1/models/M-CLIP%2FX']) {
      const { error } = (await (await send('GET', path)).json()) as { error: { message: string } };
      expect(error.message).toContain('M-CLIP/X');
    }
  });
});

describe('bodies of /v1', () => {
  it('reads null as left out, whatever the key, as clients of OpenAI send it', async () => {
    const open = { model: null, dimensions: null, encoding_format: null, modality: null, normalize: null, user: null };
    const answer = await send('POST', '/v1/embeddings', JSON.stringify({ input: 'a', ...open, extra: null }));
    expect(answer.status).toBe(200);
    const rank = await send('POST', '/v1/rank', '{"query":"a","candidates":["b"],"model":null,"extra":null}');
    expect(rank.status).toBe(200);
  });

  it('names the key that it does not know', async () => {
    const answer = await send('POST', '/v1/embeddings', '{"input":"a","extra":{"a":1}}');
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ error: { param: 'extra', message: expect.stringMatching(/"extra"/) } });
  });

  it.each(['null', '[]', '5', '"text"', 'true', '', '{}', '{"input":null}', '{"input":[[1,2]]}', '[{"input":"a"}]'])(
    'refuses %j as no request',
    async (body) => {
      const answer = await send('POST', '/v1/embeddings', body);
      expect(answer.status).toBe(422);
      expect(((await answer.json()) as { error: { message: string } }).error.message).not.toBe('');
    },
  );

  it('pollutes no prototype', async () => {
    const key = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}';
    await send('POST', '/v1/embeddings', `{"input":{"text":"a",${key}},${key}}`);
    await send('POST', '/encode', `{"data":[{"text":"a","tags":{${key}},${key}}],"parameters":{${key}},${key}}`);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('refuses a body that is nested without end and goes on serving', async () => {
    const deep = `${'['.repeat(40_000)}${']'.repeat(40_000)}`;
    const answer = await send('POST', '/v1/embeddings', `{"input":${deep}}`);
    expect(answer.status).toBe(422);
    expect((await send('POST', '/v1/embeddings', '{"input":"a"}')).status).toBe(200);
  });
});

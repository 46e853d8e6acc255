import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { kill } from 'node:process';
import { Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';
import { call, postJson } from './support/http-call.js';
import { grpcClient, unary } from './support/grpc-clients.js';
import { picture } from './support/fixtures.js';
import { replicasOf } from './support/server-process.js';

interface Span {
  readonly name: string;
  readonly error: string | null;
  readonly attributes: Record<string, unknown>;
}

/** A host of pictures: `/cat` moves to the picture at `/moved`, anything else is not there. */
const host = createServer((request, response) => {
  const [path] = (request.url ?? '').split('?');
  if (path === '/cat') response.writeHead(302, { location: '/moved?signature=planted' }).end();
  else if (path === '/moved') response.end(picture('photo-cat.jpg'));
  else response.writeHead(404).end();
});

describe('the trace of a request names the cause of what became of it', () => {
  let desk: TokenDesk;
  let server: RunningServer;
  let headers: Record<string, string>;

  beforeAll(async () => {
    host.listen(0, '127.0.0.1');
    await once(host, 'listening');
    desk = await TokenDesk.open();
    const { token } = await desk.create({ scopes: ['encode', 'admin:*'] });
    headers = { authorization: `Bearer ${token}` };
    const env = { CAS_AUTH: 'required', CAS_ALLOW_PRIVATE_FETCH: 'true', CAS_CACHE_BYTES_MAX: '1000000' };
    server = await startServer({ env: { ...desk.env, ...env } });
  });

  afterAll(async () => {
    await server?.stop();
    await desk?.[Symbol.asyncDispose]();
    host.closeAllConnections();
    host.close();
  });

  const embed = (id: string, input: unknown) =>
    postJson(server.http('/v1/embeddings'), { input }, { ...headers, 'x-request-id': id });

  /** Its spans of this name, once the request has ended. */
  async function spansOf(id: string, ...names: string[]): Promise<Span[]> {
    const answer = await vi.waitFor(
      async () => {
        const found = await call(server.admin(`/api/traces/${id}`), { headers });
        expect(found.status, found.text).toBe(200);
        return found;
      },
      { timeout: 20_000 },
    );
    expect(answer.text).not.toContain('planted');
    const [trace] = answer.json<{ traces: { spans: Span[] }[] }>().traces;
    return trace?.spans.filter(({ name }) => names.includes(name)) ?? [];
  }

  const url = (path: string) => `http://127.0.0.1:${(host.address() as AddressInfo).port}${path}`;

  it('a picture of another host: which host, what it answered, and how large the picture was', async () => {
    await embed('by-url', [{ image: url('/cat?planted=query') }]);
    expect(await spansOf('by-url', 'fetch')).toMatchObject([
      {
        error: null,
        attributes: {
          'url.scheme': 'http',
          'server.address': '127.0.0.1',
          'http.response.status_code': 200,
          'clip.fetch.redirects': 1,
          'clip.fetch.bytes': picture('photo-cat.jpg').byteLength,
        },
      },
    ]);
  });

  it('a picture that did not come: what the host answered', async () => {
    await embed('by-url-failed', [{ image: url('/planted-path') }]);
    expect(await spansOf('by-url-failed', 'fetch')).toMatchObject([
      {
        error: 'fetch_failed',
        attributes: { 'http.response.status_code': 404, 'clip.fetch.reason': 'status' },
      },
    ]);
  });

  it('a text that the cache knew: that it was in no batch', async () => {
    await embed('first', ['a text to know']);
    await embed('again', ['a text to know', 'another text']);
    expect(await spansOf('first', 'cache')).toEqual([]);
    expect(await spansOf('again', 'cache')).toMatchObject([
      { attributes: { 'clip.cache.hits': 1, 'clip.cache.misses': 1 } },
    ]);
  });

  it.each(['http', 'grpc'])('a caller over %s who left: on which replica its text was', async (protocol) => {
    const [replica] = replicasOf(server);
    kill(replica!, 'SIGSTOP');
    try {
      await leave(protocol, `left-${protocol}`, { ...headers, 'x-request-id': `left-${protocol}` });
      const spans = await spansOf(`left-${protocol}`, 'run', 'queue');
      expect(spans).toMatchObject([{ attributes: { 'clip.items': 1 } }]);
      expect(['cancelled', 'deadline_exceeded']).toContain(spans[0]?.error);
    } finally {
      kill(replica!, 'SIGCONT');
    }
    expect(await listed(`left-${protocol}`)).toMatchObject({
      model: 'mini-clip',
      items: 1,
      tokenName: expect.any(String),
    });
  });

  /** What the list says of a request. */
  async function listed(id: string): Promise<unknown> {
    const answer = await call(server.admin(`/api/traces?requestId=${id}`), { headers });
    return answer.json<{ traces: unknown[] }>().traces[0];
  }

  /** Sends a text that nobody waits for longer than a second. */
  async function leave(protocol: string, text: string, fields: Record<string, string>): Promise<void> {
    if (protocol === 'http') {
      const answer = fetch(server.http('/v1/embeddings'), {
        method: 'POST',
        headers: { ...fields, 'content-type': 'application/json' },
        body: JSON.stringify({ input: text }),
        signal: AbortSignal.timeout(1_000),
      });
      return expect(answer).rejects.toThrow();
    }
    const client = grpcClient('clip.v1.Clip', server.target);
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(fields)) metadata.set(name, value);
    const deadline = Date.now() + 1_000;
    await expect(unary(client, 'Encode', { items: [{ text }] }, { metadata, deadline })).rejects.toThrow();
    client.close();
  }
});

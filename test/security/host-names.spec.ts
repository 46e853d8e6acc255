import { once } from 'node:events';
import { connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, postJson } from '../e2e/support/http-call.js';
import { startServer, type RunningServer } from '../support/server.js';

const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

/** The whole answer to a request of these lines. */
async function raw(port: number, ...lines: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  socket.end(`${lines.join('\r\n')}\r\n\r\n`);
  return text(socket);
}

/** The status of a GET over HTTP/2 with these headers. */
async function statusOverHttp2(headers: Record<string, string>): Promise<number> {
  const session = connectHttp2(`http://${server.target}`);
  const stream = session.request({ ':path': '/health', ...headers });
  const [answered] = (await once(stream.resume(), 'response')) as [IncomingHttpHeaders & { ':status': number }];
  session.close();
  return answered[':status'];
}

describe('a request that names two hosts', () => {
  const ports: [string, () => number, string][] = [
    ['inference', () => server.port, '/health'],
    ['admin', () => server.adminPort, '/health/live'],
    ['ops', () => server.opsPort, '/health/live'],
  ];

  it.each(ports)('is refused with a sentence on the %s port', async (_name, port, path) => {
    const twice = await raw(port(), `GET ${path} HTTP/1.1`, 'Host: localhost', 'Host: other', 'Connection: close');
    expect(twice).toMatch(/^HTTP\/1\.1 400 [^]*more than one Host header/);
    const apart = await raw(port(), `GET http://other${path} HTTP/1.1`, 'Host: localhost', 'Connection: close');
    expect(apart).toMatch(/^HTTP\/1\.1 400 [^]*names two hosts/);
    const once = await raw(port(), `GET ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close');
    expect(once).toMatch(/^HTTP\/1\.1 (200|404) /);
  });

  it('is refused whatever it asks for: also nothing that is there, and a WebSocket', async () => {
    const hosts = ['Host: localhost', 'Host: localhost', 'Connection: close'];
    expect(await raw(server.port, 'GET /nosuch HTTP/1.1', ...hosts)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(server.port, 'POST /v1/embeddings HTTP/1.1', ...hosts, 'Content-Length: 0')).toMatch(/ 400 /);
    for (const path of ['/', '/dry_run']) {
      const upgrade = await raw(server.port, `GET ${path} HTTP/1.1`, 'Host: a', 'Host: b', UPGRADE.trimEnd());
      expect(upgrade).toMatch(/^HTTP\/1\.1 400 /);
    }
  });

  it('is refused over HTTP/2, where one of them is the authority', async () => {
    expect(await statusOverHttp2({ ':authority': 'localhost', host: 'other' })).toBe(400);
    expect(await statusOverHttp2({ ':authority': 'localhost', host: 'LOCALHOST' })).toBe(200);
    expect(await statusOverHttp2({ host: 'localhost' })).toBe(200);
  });
});

describe('where no token is needed, a name that somebody else may own', () => {
  const paths = ['/', '/health', '/status', '/docs', '/openapi.json', '/v1/models', '/v1/models/mini-clip', '/nosuch'];
  const foreign = { host: 'evil.example:51000' };

  it.each(paths)('is not answered at GET %s', async (path) => {
    const { status, text: answer } = await call(server.http(path), { headers: foreign });
    expect(status).toBe(403);
    expect(answer).toContain('evil.example');
    expect(answer).toContain('CAS_CORS_ORIGINS');
  });

  it('is not answered with other methods, to a WebSocket, or on the ops port either', async () => {
    expect((await postJson(server.http('/v1/embeddings'), { input: 'a cat' }, foreign)).status).toBe(403);
    expect((await postJson(server.http('/post'), { data: [{}], execEndpoint: '/' }, foreign)).status).toBe(403);
    expect(await raw(server.port, 'GET / HTTP/1.1', 'Host: evil.example', UPGRADE.trimEnd())).toMatch(/ 403 /);
    for (const path of ['/metrics', '/health/ready']) {
      expect((await call(server.ops(path), { headers: foreign })).status).toBe(403);
    }
  });

  it.each(['localhost', '127.0.0.1:1', '[::1]', 'clip', 'clip.models.svc.cluster.local', hostname()])(
    'is not what %s is',
    async (host) => {
      expect((await call(server.http('/v1/models'), { headers: { host } })).status).toBe(200);
      expect((await call(server.ops('/metrics'), { headers: { host } })).status).toBe(200);
    },
  );

  it('is not what a request of HTTP/1.0 has, which names no host', async () => {
    expect(await raw(server.port, 'GET /health HTTP/1.0')).toMatch(/ 200 /);
    expect(await raw(server.opsPort, 'GET /health/live HTTP/1.0')).toMatch(/ 200 /);
  });

  it('may be named by the operator', async () => {
    await using named = await startServer({ env: { CAS_CORS_ORIGINS: 'https://clip.example.com' } });
    const headers = { host: 'clip.example.com' };
    expect((await call(named.http('/v1/models'), { headers })).status).toBe(200);
    expect((await call(named.ops('/metrics'), { headers })).status).toBe(200);
    expect((await call(named.http('/v1/models'), { headers: foreign })).status).toBe(403);
  });

  it('is for others to give behind a trusted proxy, and where everybody on the network may call', async () => {
    await using proxied = await startServer({ env: { CAS_TRUSTED_PROXIES: '127.0.0.1' } });
    expect((await call(proxied.http('/v1/models'), { headers: foreign })).status).toBe(200);
    await using open = await startServer({ env: { CAS_HOST: '0.0.0.0', CAS_OPS_HOST: '0.0.0.0', CAS_AUTH: 'off' } });
    expect((await call(open.http('/v1/models'), { headers: foreign })).status).toBe(200);
    expect((await call(open.ops('/metrics'), { headers: foreign })).status).toBe(200);
  });
});

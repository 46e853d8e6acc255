import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot, startServer, type RunningServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';
import { grpcClient, unary } from './support/grpc-clients.js';
import { useTlsServer } from './support/tls-server.js';

const picture = readFileSync(join(repositoryRoot, 'test/fixtures/count-1.png')).toString('base64');

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Ask {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** One request on a connection that may carry others. */
async function ask(session: ClientHttp2Session, { path, headers = {}, body, ...rest }: Ask): Promise<Answer> {
  const method = rest.method ?? (body === undefined ? 'GET' : 'POST');
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const stream = session.request({ ':path': path, ':method': method, ...json, ...headers });
  stream.end(body);
  const [answered] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status': number }];
  return { status: answered[':status'], headers: answered, body: await text(stream) };
}

const input = (value: unknown) => JSON.stringify({ input: value });

describe('HTTP/2 without TLS, by prior knowledge', () => {
  let server: RunningServer;
  let session: ClientHttp2Session;
  beforeAll(async () => {
    server = await startServer({ env: { CAS_REQUEST_BYTES_MAX: '200KiB' } });
    session = connect(`http://${server.target}`);
  });
  afterAll(async () => {
    session.close();
    await server.stop();
  });

  it.each(['/v1/models', '/health', '/openapi.json', '/docs', '/'])('answers GET %s as HTTP/1.1 does', async (path) => {
    const { status, body } = await ask(session, { path });
    const plain = await fetch(server.http(path));
    expect(status).toBe(plain.status);
    expect(body).toBe(await plain.text());
  });

  it('gives the vectors that HTTP/1.1 gives', async () => {
    const body = input(['a cat', { image: picture }]);
    const { status, body: answer } = await ask(session, { path: '/v1/embeddings', body });
    const plain = await fetch(server.http('/v1/embeddings'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(status).toBe(200);
    expect(JSON.parse(answer)).toEqual(await plain.json());
  });

  it('serves the compatible surface and gRPC on the same connection settings', async () => {
    const body = JSON.stringify({ data: [{ id: 'one', text: 'a cat' }], execEndpoint: '/encode' });
    expect((await ask(session, { path: '/post', body })).status).toBe(200);
    const client = grpcClient('jina.JinaInfoRPC', server.target);
    expect(await unary(client, '_status', {})).toBeDefined();
    client.close();
  });

  it('reads a body of unknown length, a compressed one, and one without a content type', async () => {
    const unknown = session.request({
      ':path': '/v1/embeddings',
      ':method': 'POST',
      'content-type': 'application/json',
    });
    unknown.write('{"input":');
    unknown.end('"a cat"}');
    const [headers] = (await once(unknown, 'response')) as [{ ':status': number }];
    expect(headers[':status']).toBe(200);
    unknown.close();
    const packed = { path: '/v1/embeddings', body: gzipSync(input('a cat')), headers: { 'content-encoding': 'gzip' } };
    expect((await ask(session, packed)).status).toBe(200);
    const bare = session.request({ ':path': '/v1/embeddings', ':method': 'POST' });
    bare.end(input('a cat'));
    expect(((await once(bare, 'response')) as [{ ':status': number }])[0][':status']).toBe(200);
    bare.close();
  });

  it('compresses answers for clients that take it', async () => {
    const { headers } = await ask(session, {
      path: '/v1/embeddings',
      body: input('a cat'),
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(headers['content-encoding']).toBe('gzip');
  });

  it('refuses as HTTP/1.1 does, and the connection goes on', async () => {
    const refused = [
      [{ path: '/nosuch' }, 404],
      [{ path: '/v1/embeddings' }, 405],
      [{ path: '/v1/embeddings', body: '{' }, 422],
      [{ path: '/v1/embeddings', body: input('x'.repeat(300_000)) }, 413],
      [{ path: '/v1/embeddings', body: 'a', headers: { 'content-type': 'application/xml' } }, 415],
    ] as const;
    for (const [request, status] of refused) expect((await ask(session, request)).status).toBe(status);
    expect((await ask(session, { path: '/v1/models' })).status).toBe(200);
  });

  it('answers many requests of one connection at a time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) => ask(session, { path: '/v1/embeddings', body: input(`${at}`) })),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  it('says goodbye to connections at the end, once what was asked is answered', async () => {
    const other = await startServer();
    const connection = connect(`http://${other.target}`);
    const answered = ask(connection, { path: '/v1/embeddings', body: input('a cat') });
    const closed = once(connection, 'close');
    expect((await answered).status).toBe(200);
    expect((await other.stop()).code).toBe(0);
    await closed;
  });
});

describe('HTTP/2 where a token is needed', () => {
  it('is guarded as HTTP/1.1 is', async () => {
    await using desk = await TokenDesk.open();
    await using server = await startServer({ env: { ...desk.env, CAS_AUTH: 'required' } });
    const { token } = await desk.create();
    const session = connect(`http://${server.target}`);
    const bare = await ask(session, { path: '/v1/embeddings', body: input('a cat') });
    expect(bare.status).toBe(401);
    expect(bare.headers['www-authenticate']).toBe('Bearer');
    const headers = { authorization: `Bearer ${token}` };
    expect((await ask(session, { path: '/v1/embeddings', body: input('a cat'), headers })).status).toBe(200);
    session.close();
  });
});

describe('HTTP/2 by ALPN', () => {
  const running = useTlsServer();

  it.each([[['h2']], [['h2', 'http/1.1']], [['http/1.1', 'h2']]])('serves a client that offers %j', async (offered) => {
    const { server, certificate } = running;
    const session = connect(`https://localhost:${server.port}`, { ca: certificate.authority, ALPNProtocols: offered });
    const { status, body } = await ask(session, { path: '/v1/embeddings', body: input('a cat') });
    expect(session.alpnProtocol).toBe('h2');
    expect(status).toBe(200);
    expect(body).toContain('"embedding"');
    session.close();
  });
});

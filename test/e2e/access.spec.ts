import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startServer, type RunningServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';
import { ENCODE_CALLS } from './support/calls-with-token.js';
import { type DataMessage, dataMessage, echoMessage, exchange, textDocuments } from './support/documents.js';
import { duplex, failure, grpcClient, serverStream, streamFailure, unary } from './support/grpc-clients.js';
import { call } from './support/http-call.js';
import { RawConnection } from './support/raw-connection.js';

let desk: TokenDesk;
let server: RunningServer;
let token: string;
beforeAll(async () => {
  desk = await TokenDesk.open();
  server = await startServer({ env: { ...desk.env, CAS_AUTH: 'required' } });
  ({ token } = await desk.create());
});
afterAll(async () => {
  await server?.stop();
  await desk?.[Symbol.asyncDispose]();
});

/** One character of the secret changed: checksum and all else as a guess would have it. */
const forged = (good: string): string => good.slice(0, 30) + (good[30] === 'a' ? 'b' : 'a') + good.slice(31);

describe.for(Object.entries(ENCODE_CALLS))('%s', ([, encode]) => {
  it('serves who has a token', async () => {
    expect(await encode(server, token)).toBe('ok');
  });

  it('refuses who has none, or one that is not valid', async () => {
    expect(await encode(server, undefined)).toBe('unauthenticated');
    expect(await encode(server, forged(token))).toBe('unauthenticated');
    expect(await encode(server, 'nonsense')).toBe('unauthenticated');
    expect(await encode(server, '')).toBe('unauthenticated');
  });

  it('refuses a token without the scope', async () => {
    const { token: limited } = await desk.create({ scopes: ['models:read'] });
    expect(await encode(server, limited)).toBe('forbidden');
  });

  it('refuses a token that may use another model only', async () => {
    const { token: limited } = await desk.create({ models: ['ViT-L-14::openai'] });
    expect(await encode(server, limited)).toBe('forbidden');
  });

  it('refuses a revoked token within a second, also in a process that did not revoke it', async () => {
    const { token: shortLived, record } = await desk.create();
    expect(await encode(server, shortLived)).toBe('ok');
    await desk.revoke(record.id);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await encode(server, shortLived)).toBe('unauthenticated');
  });
});

describe('without a token', () => {
  const nothing = (): DataMessage => echoMessage('r', 100);

  it.each([
    ['jina.JinaGatewayDryRunRPC', 'dry_run', {}],
    ['jina.JinaDiscoverEndpointsRPC', 'endpoint_discovery', {}],
    ['jina.JinaInfoRPC', '_status', {}],
    ['jina.JinaSingleDataRequestRPC', 'process_single_data', nothing()],
    ['grpc.health.v1.Health', 'Check', { service: '' }],
  ])('%s/%s answers', async (service, method, message) => {
    const client = grpcClient(service, server.target);
    await expect(unary(client, method, message)).resolves.toBeDefined();
    client.close();
  });

  it('a stream answers requests that carry nothing to compute, and ends at the first that does', async () => {
    const client = grpcClient('jina.JinaRPC', server.target);
    const answers = await exchange(duplex<DataMessage, DataMessage>(client, 'Call'), [nothing(), nothing()]);
    expect(answers).toHaveLength(2);
    // Many times: whether the answer before the refusal has left by then differs from one to the next.
    for (let round = 0; round < 20; round++) {
      const stream = duplex<DataMessage, DataMessage>(client, 'Call');
      const failed = streamFailure(stream as never);
      stream.write(nothing());
      stream.write(dataMessage('r', textDocuments('r', ['a cat'])));
      expect(await failed).toMatchObject({ code: 16, details: expect.stringContaining('token') });
    }
    client.close();
  });

  it.each(['/', '/health', '/status', '/dry_run', '/openapi.json', '/docs'])('GET %s answers', async (path) => {
    expect((await call(server.http(path))).status).toBe(200);
  });

  it('POST /post answers an empty request', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ data: [{}], execEndpoint: '/' });
    expect((await call(server.http('/post'), { headers, body })).status).toBe(200);
  });

  it.each([
    ['GET', '/v1/models'],
    ['GET', '/v1/models/mini-clip'],
    ['POST', '/v1/rank'],
    ['POST', '/nosuch'],
    ['GET', '/nosuch'],
    ['PUT', '/post'],
  ])('%s %s is refused with a challenge and a reason', async (method, path) => {
    const { status, headers, text } = await call(server.http(path), { method });
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe('Bearer');
    expect(text).toMatch(/token/);
  });

  it.each(['Rank', 'ListModels'])('clip.v1.Clip/%s is refused', async (method) => {
    const client = grpcClient('clip.v1.Clip', server.target);
    expect(await failure(unary(client, method, {}))).toMatchObject({ code: 16 });
    client.close();
  });

  it('reflection answers, since it computes nothing', async () => {
    const client = grpcClient('grpc.reflection.v1.ServerReflection', server.target);
    const stream = duplex<object, { listServicesResponse: unknown }>(client, 'ServerReflectionInfo');
    const answered = new Promise((resolve, reject) => stream.once('data', resolve).once('error', reject));
    stream.end({ listServices: '' });
    expect(await answered).toMatchObject({ listServicesResponse: expect.anything() });
    client.close();
  });

  it('a watch of health answers', async () => {
    const client = grpcClient('grpc.health.v1.Health', server.target);
    const stream = serverStream<{ status: string }>(client, 'Watch', { service: '' });
    stream.on('error', () => undefined);
    for await (const { status } of stream) {
      expect(status).toBe('SERVING');
      break;
    }
    client.close();
  });
});

describe('before anything of a request is read', () => {
  it('HTTP refuses an upload that has not begun', async () => {
    const connection = await RawConnection.to(server);
    const head = 'POST /v1/embeddings HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n';
    await connection.write(`${head}Content-Length: 50000000\r\n\r\n`);
    await expect.poll(() => connection.text).toMatch(/^HTTP\/1.1 401 /);
    connection.reset();
  });

  it.each(['POST /post', 'POST /encode'])(
    '%s takes no more of an unauthenticated caller than an empty request needs',
    async (line) => {
      const body = JSON.stringify({ data: [{ text: 'a'.repeat(100_000) }], execEndpoint: '/encode' });
      const [method = '', path = ''] = line.split(' ');
      const headers = { 'content-type': 'application/json' };
      const { status, text } = await call(server.http(path), { method, headers, body });
      expect([status, text]).toEqual([401, expect.stringContaining('token')]);
    },
  );

  it('gRPC ends a call that has sent nothing but its metadata', async () => {
    const client = grpcClient('clip.v1.Clip', server.target);
    expect(await streamFailure(duplex(client, 'EncodeStream') as never)).toMatchObject({ code: 16 });
    client.close();
  });

  it('gRPC takes no more of an unauthenticated caller than an empty request needs', async () => {
    const client = grpcClient('jina.JinaSingleDataRequestRPC', server.target);
    const large = dataMessage('r', textDocuments('r', ['a'.repeat(1_000_000)]));
    expect(await failure(unary(client, 'process_single_data', large))).toMatchObject({ code: 16 });
    client.close();
  });
});

describe('of what needs no token', () => {
  const LARGE = 20_000_000;

  it.each([
    ['jina.JinaGatewayDryRunRPC', 'dry_run'],
    ['jina.JinaDiscoverEndpointsRPC', 'endpoint_discovery'],
    ['jina.JinaInfoRPC', '_status'],
    ['grpc.health.v1.Health', 'Check'],
    ['grpc.reflection.v1.ServerReflection', 'ServerReflectionInfo'],
  ])('gRPC %s/%s reads no large message', async (service, method) => {
    const client = new Client(server.target, credentials.createInsecure());
    const path = `/${service}/${method}`;
    const same = (bytes: Buffer): Buffer => bytes;
    const refused = new Promise((resolve) => {
      client.makeUnaryRequest(path, same, same, Buffer.alloc(LARGE), resolve);
    });
    expect(await refused).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    client.close();
  });

  it('a WebSocket at /dry_run reads no large frame', async () => {
    const socket = new WebSocket(`ws://${server.target}/dry_run`);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('error', () => undefined);
    socket.on('open', () => socket.send(Buffer.alloc(LARGE)));
    expect(await closed).toBe(1009);
  });
});

describe('streams that were opened with a token that is revoked since', () => {
  it('end at their next request', async () => {
    const { token: shortLived, record } = await desk.create();
    const metadata = new Metadata();
    metadata.set('authorization', shortLived);
    const client = grpcClient('jina.JinaRPC', server.target);
    const stream = duplex<DataMessage, DataMessage>(client, 'Call', metadata);
    const failed = streamFailure(stream as never);
    const answered = new Promise((resolve) => stream.once('data', resolve));
    stream.write(dataMessage('a', textDocuments('a', ['a cat'])));
    await answered;
    await desk.revoke(record.id);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    stream.write(dataMessage('b', textDocuments('b', ['a dog'])));
    expect(await failed).toMatchObject({ code: 16 });
    client.close();
  });
});

describe('where no token is needed', () => {
  it('a page of another origin can use neither what it may not read nor a WebSocket', async () => {
    await using open = await startServer({ env: { CAS_CORS_ORIGINS: 'https://shop.example' } });
    const ask = async (origin: string): Promise<[number, string]> => {
      const headers = { origin, 'content-type': 'text/plain' };
      const { status: answer } = await call(open.http('/encode'), { method: 'POST', headers, body: '{"data":[]}' });
      const socket = new WebSocket(`ws://${open.target}/`, { origin });
      const end = await new Promise<string>((resolve) => {
        socket.on('open', () => resolve('open'));
        socket.on('error', (err) => resolve(err.message));
      });
      socket.terminate();
      return [answer, end];
    };
    expect(await ask('https://evil.example')).toEqual([403, expect.stringContaining('403')]);
    expect(await ask('https://shop.example')).toEqual([200, 'open']);
    expect(await ask(`http://${open.target}`)).toEqual([200, 'open']);
  });

  it('loopback serves everyone, and ignores credentials that old clients still send', async () => {
    await using open = await startServer();
    for (const encode of Object.values(ENCODE_CALLS)) {
      expect(await encode(open, undefined)).toBe('ok');
      expect(await encode(open, 'a-token-of-another-service')).toBe('ok');
    }
  });

  it('an address of the network needs one unless the operator says otherwise', async () => {
    await using asking = await startServer({ env: { CAS_HOST: '0.0.0.0' } });
    await using open = await startServer({ env: { CAS_HOST: '0.0.0.0', CAS_AUTH: 'off' } });
    for (const encode of Object.values(ENCODE_CALLS)) {
      expect(await encode(asking, undefined)).toBe('unauthenticated');
      expect(await encode(open, undefined)).toBe('ok');
    }
  });

  it('WebSockets may do without where the operator says so, and nothing else', async () => {
    await using loose = await startServer({ env: { CAS_AUTH: 'required', CAS_WEBSOCKET_WITHOUT_TOKEN: 'true' } });
    for (const [name, encode] of Object.entries(ENCODE_CALLS)) {
      expect(await encode(loose, undefined)).toBe(name.startsWith('WebSocket') ? 'ok' : 'unauthenticated');
      expect(await encode(loose, forged(token))).toBe('unauthenticated');
    }
  });
});

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { credentials, loadPackageDefinition, type ServiceError, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { makeServerCertificate } from '../../../../test/support/certificates.js';
import { servedDefinitions } from '../grpc/definitions.js';
import { type RunningServer, startServer } from '../testing/running-server.js';

vi.setConfig({ testTimeout: 30_000 });

const WAIT = { timeout: 20_000, interval: 10 };
const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

let server: RunningServer;
let refused: number;
const sockets: Socket[] = [];
const onRefusedConnection = (): void => void (refused += 1);
beforeEach(async () => {
  refused = 0;
  server = await startServer({}, { connectionsMax: 8, onRefusedConnection });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.app.close();
});

/** A connection that the server has taken or refused, and that says nothing. */
function open(from = '127.0.0.1'): Socket {
  const socket = connect({ host: '127.0.0.1', port: server.port, localAddress: from });
  socket.on('error', () => undefined);
  sockets.push(socket);
  return socket;
}

/** As many silent connections of one address as the server takes. */
async function fill(from?: string): Promise<void> {
  const before = server.connectionCount();
  for (let at = 0; at < 4; at++) open(from);
  await expect.poll(() => server.connectionCount(), WAIT).toBe(before + 4);
}

async function answer(from?: string): Promise<string> {
  const socket = open(from);
  socket.write(REQUEST);
  return text(socket);
}

interface Caller {
  encode(request: object, done: (err: ServiceError | null) => void): void;
  close(): void;
}

describe('too many connections', () => {
  it('are told so over HTTP, and taken again when there is room', async () => {
    await fill();
    expect(await answer()).toMatch(
      /^HTTP\/1\.1 503 Service Unavailable\r\n[^]*Retry-After: 10\r\n[^]*as many connections as it takes/,
    );
    expect(refused).toBe(1);
    for (const socket of sockets.splice(0)) socket.destroy();
    await expect.poll(() => server.connectionCount(), WAIT).toBe(0);
    expect(await answer()).toMatch(/^HTTP\/1\.1 200 /);
    expect(refused).toBe(1);
  });

  it('are told so over HTTP/2, by GOAWAY', async () => {
    await fill();
    const session = connectHttp2(`http://127.0.0.1:${server.port}`);
    session.on('error', () => undefined);
    const [code, , data] = (await once(session, 'goaway')) as [number, number, Buffer];
    expect([code, data.toString()]).toEqual([11, expect.stringContaining('Try again later')]);
    session.destroy();
  });

  it('are told so to a gRPC client, as something to try again, and to a WebSocket, as 503', async () => {
    await fill();
    const root = loadPackageDefinition(servedDefinitions) as unknown as {
      clip: { v1: { Clip: new (...args: unknown[]) => Caller } };
    };
    const client = new root.clip.v1.Clip(`127.0.0.1:${server.port}`, credentials.createInsecure());
    const failure = await new Promise<ServiceError | null>((resolve) =>
      client.encode({ items: [{ text: 'a' }] }, resolve),
    );
    client.close();
    // Which of the two, depends on whether the call is on its way when the client hears it.
    expect([status.UNAVAILABLE, status.RESOURCE_EXHAUSTED]).toContain(failure?.code);
    const [error] = (await once(new WebSocket(`ws://127.0.0.1:${server.port}/`), 'error')) as [Error];
    expect(error.message).toContain('503');
  });

  it('that are silent are cut, and so are those beyond what can be told at a time', async () => {
    await fill();
    const crowd = Array.from({ length: 80 }, () => open());
    await Promise.all(crowd.map((socket) => once(socket, 'close')));
    expect(refused).toBe(80);
    expect(server.connectionCount()).toBe(4);
  });

  it.runIf(process.platform === 'linux')('of one address leave half to others', async () => {
    await fill('127.0.0.2');
    expect(await answer('127.0.0.2')).toMatch(/^HTTP\/1\.1 503 /);
    expect(await answer('127.0.0.3')).toMatch(/^HTTP\/1\.1 200 /);
    await fill('127.0.0.3');
    expect(await answer('127.0.0.4')).toMatch(/^HTTP\/1\.1 503 /);
  });

  it('may come from a trusted proxy', async () => {
    await server.app.close();
    server = await startServer({}, { connectionsMax: 8, onRefusedConnection, trustedProxies: ['127.0.0.0/8'] });
    await fill();
    await fill();
    expect(await answer()).toMatch(/^HTTP\/1\.1 503 /);
  });
});

it('counts connections over TLS, WebSockets and HTTP/2 alike, and cuts TLS clients before the handshake', async () => {
  await server.app.close();
  const certificate = makeServerCertificate();
  const [cert, key] = [certificate.certificateFile, certificate.keyFile].map((path) => readFileSync(path, 'utf8'));
  const tls = { material: { cert: cert ?? '', key: key ?? '' }, onChange: () => () => undefined };
  server = await startServer({}, { connectionsMax: 8, onRefusedConnection, tls });
  const ca = certificate.authority;
  const webSocket = new WebSocket(`wss://127.0.0.1:${server.port}/`, { ca });
  const session = connectHttp2(`https://127.0.0.1:${server.port}`, { ca });
  const silent = [0, 1].map(() => connectTls({ host: '127.0.0.1', port: server.port, ca }));
  await Promise.all([
    once(webSocket, 'open'),
    once(session, 'remoteSettings'),
    ...silent.map((one) => once(one, 'secureConnect')),
  ]);
  expect(server.connectionCount()).toBe(4);
  const [error] = (await once(connectTls({ host: '127.0.0.1', port: server.port, ca }), 'error')) as [Error];
  expect(error.message).toMatch(/reset|disconnected/);
  for (const socket of silent) socket.destroy();
  session.destroy();
  webSocket.terminate();
  await expect.poll(() => server.connectionCount(), WAIT).toBe(0);
  certificate.remove();
});

import { once } from 'node:events';
import http from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '#core';
import { createSharedPort } from './shared-port.js';

const REQUEST_MS_MAX = 60_000;
const PIECE = Buffer.alloc(256 * 1024, 'x');

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A request with a body of `length` bytes whose head has arrived. */
interface Begun {
  readonly socket: Socket;
  readonly clock: ManualClock;
  readonly req: http.IncomingMessage;
  readonly res: http.ServerResponse;
  /** All that the server answers until it closes the connection. */
  readonly answer: Promise<string>;
}

async function begin(length: number): Promise<Begun> {
  const clock = new ManualClock();
  const bounds = {
    firstByteMsMax: 60_000,
    graceMs: 1,
    webSocketPaths: new Set(['/']),
    quietMs: () => 0,
    requestMsMax: REQUEST_MS_MAX,
    clock,
  };
  const arrived = Promise.withResolvers<Pick<Begun, 'req' | 'res'>>();
  const server = createSharedPort({ ...bounds, http2: () => undefined }, (req, res) => arrived.resolve({ req, res }));
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`);
  return { socket, clock, answer: text(socket), ...(await arrived.promise) };
}

/** Reads `req` and tells when so many bytes are there. */
function reading(req: http.IncomingMessage): (bytes: number) => Promise<void> {
  let size = 0;
  req.on('data', (chunk: Buffer) => (size += chunk.length)).on('error', () => undefined);
  return async (bytes) => {
    while (size < bytes) await once(req, 'data');
  };
}

describe('cutStalledRequests', () => {
  it('cuts a body of which nothing more comes, and says why', async () => {
    const { socket, clock, req, answer } = await begin(10);
    const has = reading(req);
    socket.write('half');
    await has(4);
    clock.advance(REQUEST_MS_MAX - 1);
    expect(req.socket.writable).toBe(true);
    clock.advance(1_000);
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('cuts a body that comes byte by byte', async () => {
    const { socket, clock, req, answer } = await begin(1_000_000);
    const has = reading(req);
    for (let bytes = 1; bytes <= 5; bytes++) {
      socket.write('x');
      await has(bytes);
      clock.advance(REQUEST_MS_MAX / 5);
    }
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('reads a body to its end that keeps coming, however long that takes', async () => {
    const { socket, clock, req, res, answer } = await begin(6 * PIECE.length);
    const has = reading(req);
    for (let pieces = 1; pieces <= 6; pieces++) {
      socket.write(PIECE);
      await has(pieces * PIECE.length);
      clock.advance(REQUEST_MS_MAX - 1_000);
    }
    res.end('whole');
    expect(await answer).toMatch(/^HTTP\/1\.1 200 [^]*whole$/);
  });

  it('lets no time pass while it is the server that does not read', async () => {
    const { socket, clock, req, res, answer } = await begin(4 * PIECE.length);
    for (let time = 0; time < 4; time++) socket.write(PIECE);
    await once(req, 'readable');
    clock.advance(10 * REQUEST_MS_MAX);
    await reading(req)(4 * PIECE.length);
    res.end('whole');
    expect(await answer).toMatch(/^HTTP\/1\.1 200 [^]*whole$/);
  });

  it('cuts the rest of a body that was answered before its end, without a second answer', async () => {
    const { clock, req, res, answer } = await begin(10);
    req.resume().on('error', () => undefined);
    res.writeHead(413).end();
    await once(res, 'finish');
    clock.advance(REQUEST_MS_MAX + 1_000);
    expect((await answer).match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });

  it('has nothing against a request that has come and takes its time', async () => {
    const { socket, clock, req, res, answer } = await begin(4);
    socket.write('body');
    await text(req);
    clock.advance(10 * REQUEST_MS_MAX);
    res.end('slow');
    expect(await answer).toMatch(/slow$/);
  });
});

import { once } from 'node:events';
import http from 'node:http';
import { Agent, get } from 'node:http';
import { connect, Socket, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { systemClock } from '#core';
import { closeWithGrace } from './close-with-grace.js';
import type { SharedPortOptions } from './shared-port.js';

/** Longer than any spec runs. */
const GRACE_MS = 60_000;

/** A listening server whose close has a grace time, and the drains that its HTTP/2 side was asked for. */
async function listening(handler: http.RequestListener, changes: Partial<SharedPortOptions> = {}) {
  const drains: number[] = [];
  const injector = { injectConnection: () => undefined, drain: (graceMs: number) => void drains.push(graceMs) };
  const server = http.createServer(handler);
  const undecided = new Set<Socket>();
  const times = {
    webSocketPaths: new Set<string>(),
    firstByteMsMax: 1_000,
    graceMs: GRACE_MS,
    requestMsMax: 1_000,
    clock: systemClock,
  };
  closeWithGrace(server, { ...times, http2: () => injector, quietMs: () => 0, ...changes }, undecided);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve, reject) => void server.close((err) => (err ? reject(err) : resolve())));
  return { server, port, undecided, drains, close };
}

describe('closeWithGrace', () => {
  it('lets a running request finish and then ends connections that are kept alive', async () => {
    const gate = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    const { port, close } = await listening((_req, res) => {
      arrived.resolve();
      void gate.promise.then(() => res.end('whole'));
    });
    const agent = new Agent({ keepAlive: true });
    const answer = new Promise<string>((resolve) =>
      get({ port, host: '127.0.0.1', agent }, (res) => void text(res).then(resolve)),
    );
    await arrived.promise;
    const closed = close();
    gate.resolve();
    expect(await answer).toBe('whole');
    await closed;
    agent.destroy();
  });

  it('sends GOAWAY to HTTP/2 clients at once, and cuts them only once nothing is under way', async () => {
    const busy = await listening((_req, res) => res.end(), { quietMs: () => 0 });
    await busy.close();
    expect(busy.drains).toEqual([GRACE_MS]);

    const quiet = await listening((_req, res) => res.writeHead(200).write('never ends'), {
      quietMs: () => Number.MAX_VALUE,
      graceMs: 500,
    });
    const socket = connect(quiet.port, '127.0.0.1').on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    await quiet.close();
    expect(quiet.drains).toEqual([500, 0]);
  });

  it('cuts requests that never end when the grace time is over', async () => {
    const { port, close } = await listening((_req, res) => res.writeHead(200).write('x'), { graceMs: 1 });
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    await expect(close()).resolves.toBeUndefined();
  });

  it('cuts connections that have not said anything yet', async () => {
    const { undecided, close } = await listening((_req, res) => res.end());
    const silent = new Socket();
    undecided.add(silent);
    await close();
    expect(silent.destroyed).toBe(true);
  });

  it('reports a server that was never open, as node does', async () => {
    const { close } = await listening((_req, res) => res.end());
    await close();
    await expect(close()).rejects.toMatchObject({ code: 'ERR_SERVER_NOT_RUNNING' });
  });
});

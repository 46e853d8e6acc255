import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '#core';
import { createSharedPort } from './shared-port.js';
import type { Http2Injector } from './close-with-grace.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A shared port on a free port of this machine, which answers HTTP with "http". */
async function open(http2: () => Http2Injector | undefined = () => undefined): Promise<number> {
  const bounds = {
    firstByteMsMax: 60_000,
    graceMs: 1,
    webSocketPaths: new Set(['/']),
    quietMs: () => 0,
    requestMsMax: 60_000,
    clock: systemClock,
  };
  const server = createSharedPort({ ...bounds, http2 }, (_req, res) => res.end('http'));
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

/** Everything that the server answers to `sent`. */
function answerTo(port: number, sent: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(sent);
  return text(socket);
}

describe('createSharedPort', () => {
  it('answers HTTP/1.1 itself and gives HTTP/2 connections away untouched', async () => {
    const taken = Promise.withResolvers<string>();
    const injectConnection = (socket: Socket): void => void text(socket).then(taken.resolve);
    const port = await open(() => ({ injectConnection, drain: () => undefined }));
    expect(await answerTo(port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(/200 OK[^]*http$/);
    connect(port, '127.0.0.1').end('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    expect(await taken.promise).toBe('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  });

  it('cuts HTTP/2 connections that come before gRPC has started', async () => {
    expect(await answerTo(await open(), 'PRI * HTTP/2.0\r\n').catch(() => '')).toBe('');
  });

  it.each([
    ['garbage', '\u0016\u0003\u0001\u0002\r\n\r\n', '400 Bad Request'],
    ['headers beyond any bound', `GET / HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, '431 Request Header'],
  ])('answers %s once and cuts the line', async (_what, sent, status) => {
    expect(await answerTo(await open(), sent)).toContain(`HTTP/1.1 ${status}`);
  });

  it.runIf(process.platform === 'linux')('has the kernel probe silent clients, so that dead ones go away', async () => {
    const port = await open();
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    // proc(5): "02:" in the column of timers is the keepalive timer, "01" the state ESTABLISHED.
    const [own, peer] = [port, (socket.address() as AddressInfo).port].map(hexPort);
    const line = readFileSync('/proc/net/tcp', 'latin1')
      .split('\n')
      .find((row) => row.includes(`:${own} 0100007F:${peer} 01 `));
    socket.destroy();
    expect(line).toContain(' 02:');
  });
});

function hexPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '#core';
import { READ_MS_MAX } from '../budget/index.js';
import { cutUnreadAnswers } from './cut-unread.js';

/** More than the buffers of a connection and of this process hold. */
const ANSWER_BYTES = 64 * 1024 * 1024;
const STEP_MS = 20_000;

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

function* pieces(): Generator<Buffer, void> {
  for (let sent = 0; sent < ANSWER_BYTES; sent += 65_536) yield Buffer.alloc(65_536, 'x');
}

/**
 * A client that reads nothing, and the answer of ANSWER_BYTES to its request once no more of it fits into the
 * connection.
 */
async function filled(): Promise<{ clock: ManualClock; socket: Socket; res: http.ServerResponse }> {
  const clock = new ManualClock();
  const server = http.createServer();
  cutUnreadAnswers<http.ServerResponse>(server, { clock, cut: (res) => res.destroy() });
  const asked = once(server, 'request');
  await once(server.listen(0, '127.0.0.1'), 'listening');
  cleanUps.push(() => (server.closeAllConnections(), server.close()));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
  cleanUps.push(() => socket.destroy());
  socket.pause().write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const [, res] = (await asked) as [unknown, http.ServerResponse];
  Readable.from(pieces()).pipe(res);
  await untilStill(() => res.socket?.bytesWritten ?? 0);
  return { clock, socket, res };
}

/** Resolves when `read` has given the same for 20 turns of the event loop with some milliseconds in between. */
async function untilStill(read: () => number): Promise<void> {
  for (let last = -1, same = 0; same < 20; same = read() === last ? same + 1 : 0, last = read()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('cutUnreadAnswers', () => {
  it('cuts off a client that takes nothing of its answer for ten minutes, and not before', async () => {
    const { clock, res } = await filled();
    clock.advance(STEP_MS);
    clock.advance(READ_MS_MAX - STEP_MS);
    expect(res.destroyed).toBe(false);
    clock.advance(STEP_MS);
    expect(res.destroyed).toBe(true);
  });

  it('leaves one alone that takes some of it now and then', async () => {
    const { clock, socket, res } = await filled();
    for (let round = 0; round < 5; round++) {
      clock.advance(READ_MS_MAX - STEP_MS);
      const written = res.socket?.bytesWritten ?? 0;
      while ((res.socket?.bytesWritten ?? 0) === written) {
        socket.resume();
        await once(socket, 'data');
        socket.pause();
      }
    }
    expect(res.destroyed).toBe(false);
  });

  it('leaves an answer alone that is not made yet', async () => {
    const clock = new ManualClock();
    const server = http.createServer();
    cutUnreadAnswers<http.ServerResponse>(server, { clock, cut: (res) => res.destroy() });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    cleanUps.push(() => (server.closeAllConnections(), server.close()));
    const answer = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const [, res] = (await once(server, 'request')) as [unknown, http.ServerResponse];
    clock.advance(3 * READ_MS_MAX);
    res.end('made');
    expect(await (await answer).text()).toBe('made');
  });

  it('does so over HTTP/2, stream by stream', async () => {
    const clock = new ManualClock();
    const server = http2.createServer();
    cutUnreadAnswers<http2.Http2ServerResponse>(server, { clock, cut: ({ stream }) => stream.close(8) });
    server.on('request', (_req, res) => void Readable.from(pieces()).pipe(res.stream));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const session = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    cleanUps.push(() => (session.destroy(), server.close()));
    const asked = once(server, 'request');
    const unread = session.request({ ':path': '/' }).on('error', () => undefined);
    const [, res] = (await asked) as [unknown, http2.Http2ServerResponse];
    await untilStill(() => res.stream.writableLength);
    clock.advance(READ_MS_MAX - STEP_MS);
    expect(res.stream.destroyed).toBe(false);
    const closed = once(unread, 'close');
    clock.advance(2 * STEP_MS);
    await closed;
    expect(unread.rstCode).toBe(8);
    expect(session.destroyed).toBe(false);
  });
});

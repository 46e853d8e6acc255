import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DomainError } from '#core';
import { type RunningServer, startServer } from '../testing/running-server.js';

/** Small bodies are those up to 20 kB; one caller gets 80 kB of the small and 240 kB of the large room. */
const LIMITS = { requestBytesMax: 100_000, inFlightBytesMax: 640_000 };
const SMALL = 19_000;
const LARGE = 90_000;
const OTHER_CALLER = '127.0.0.2';
const PYTHON = { 'user-agent': 'Python/3.10 aiohttp/3.14.5' };

let server: RunningServer;
const sockets: Socket[] = [];
beforeEach(async () => {
  server = await startServer(LIMITS);
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.app.close();
});

/** A request of the Python client's form of about `bytes` bytes. */
function bodyOf(bytes: number): string {
  const data = [{ text: 'a', tags: { fill: 'x'.repeat(bytes - 200) } }];
  return JSON.stringify({ header: { request_id: 'one' }, data, exec_endpoint: '/encode' });
}

interface Call {
  body: string;
  headers?: Record<string, string>;
  from?: string;
}

function statusOf({ body, headers = {}, from = '127.0.0.1' }: Call): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const to = { host: '127.0.0.1', port: server.port, path: '/encode', method: 'POST', localAddress: from };
    const req = request({ ...to, agent: false, headers: { 'content-type': 'application/json', ...headers } }, (res) => {
      res.resume();
      resolve(res.statusCode);
    });
    req.on('error', reject).end(body);
  });
}

/** A request that has sent its head and half of `body`. */
async function unfinished(
  body: string,
  from = '127.0.0.1',
): Promise<{ socket: Socket; finish: () => Promise<string> }> {
  const socket = connect({ host: '127.0.0.1', port: server.port, localAddress: from });
  sockets.push(socket);
  const fields = ['Host: x', 'Connection: close', 'Content-Type: application/json', `Content-Length: ${body.length}`];
  const head = `POST /encode HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n`;
  await once(socket, 'connect');
  await new Promise((resolve) => socket.write(head + body.slice(0, body.length / 2), resolve));
  const finish = (): Promise<string> => {
    socket.write(body.slice(body.length / 2));
    return text(socket);
  };
  return { socket, finish };
}

interface Begun {
  socket: Socket;
  /** What the server has answered so far. */
  answer: () => string;
}

/** A request of which the server has got the head and `start`. */
async function begun(fields: Record<string, number>, start: string, from: string): Promise<Begun> {
  const socket = connect({ host: '127.0.0.1', port: server.port, localAddress: from });
  sockets.push(socket);
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString())).on('error', () => undefined);
  const lines = Object.entries({ Host: 'localhost', 'Content-Type': 'application/json', ...fields });
  const head = `POST /encode HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  await once(socket, 'connect');
  await new Promise((resolve) => socket.write(head + start, resolve));
  expect(await statusOf({ body: '{}' })).toBe(200);
  return { socket, answer: () => answer };
}

/** So many unfinished requests, all of which the server has begun to read or to make wait. */
async function crowd(count: number, body: string, from?: string) {
  const all = await Promise.all(Array.from({ length: count }, () => unfinished(body, from)));
  expect(await statusOf({ body: '{}' })).toBe(200);
  return all;
}

const full = (): DomainError => new DomainError('queue_full', 'The queue is full.', { retryAfterMs: 100 });

describe('the budget for HTTP bodies', () => {
  it('refuses nobody who sends many large bodies at once: they are read in turn', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => statusOf({ body: bodyOf(LARGE) })));
    expect(answers).toEqual(Array<number>(60).fill(200));
  });

  it('keeps small requests going beside large ones that never come to an end', async () => {
    await crowd(20, bodyOf(LARGE));
    for (let time = 0; time < 5; time++) expect(await statusOf({ body: bodyOf(SMALL) })).toBe(200);
  });

  it.runIf(process.platform === 'linux')('keeps the large requests of others going beside them', async () => {
    await crowd(20, bodyOf(LARGE), OTHER_CALLER);
    expect(await statusOf({ body: bodyOf(LARGE) })).toBe(200);
  });

  it('reads large ones that had to wait once those before them have hung up', async () => {
    const before = await crowd(20, bodyOf(LARGE));
    const waiting = statusOf({ body: bodyOf(LARGE) });
    for (const { socket } of before) socket.destroy();
    expect(await waiting).toBe(200);
  });

  it.runIf(process.platform === 'linux')(
    'holds of slow senders what they have sent: a large body passes eight of them',
    async () => {
      const announced = { 'Content-Length': LARGE };
      for (let at = 2; at < 10; at++) await begun(announced, 'x'.repeat(3_000), `127.0.0.${at}`);
      for (let time = 0; time < 3; time++) expect(await statusOf({ body: bodyOf(LARGE) })).toBe(200);
    },
  );

  it.runIf(process.platform === 'linux')(
    'gives up those that filled it and then trickle, as soon as somebody waits',
    async () => {
      const slow: Begun[] = [];
      // Each of eight callers has sent two thirds of a large body.
      for (let at = 2; at < 10; at++)
        slow.push(await begun({ 'Content-Length': LARGE }, 'x'.repeat(60_000), `127.0.0.${at}`));
      const waiting = statusOf({ body: bodyOf(LARGE) });
      let isDone = false;
      void waiting.finally(() => (isDone = true));
      while (!isDone) {
        for (const { socket } of slow) if (socket.writable) socket.write('x');
        expect(await statusOf({ body: '{}' })).toBe(200);
        server.clock.advance(1_000);
      }
      expect(await waiting).toBe(200);
      const told = slow.map(({ answer }) => answer()).filter((answer) => answer !== '');
      expect(told.length).toBeGreaterThan(0);
      for (const answer of told) expect(answer).toMatch(/^HTTP\/1\.1 429 [^]*retry-after: 10\r\n[^]*came too slowly/i);
    },
  );

  it('refuses a small request when there is no room for it, but lets the Python client wait', async () => {
    const [first] = await crowd(7, bodyOf(SMALL));
    expect(await statusOf({ body: bodyOf(SMALL) })).toBe(429);
    const waiting = statusOf({ body: bodyOf(SMALL), headers: PYTHON });
    expect(await first?.finish()).toMatch(/^HTTP\/1\.1 200 /);
    expect(await waiting).toBe(200);
  });
});

describe('the full queue', () => {
  it('refuses HTTP callers', async () => {
    server.model.refusals = [full()];
    expect(await statusOf({ body: bodyOf(300) })).toBe(429);
  });

  it('lets the Python client wait for room, as its streams do: it gives up everything at the first refusal', async () => {
    server.model.refusals = [full(), full(), full()];
    let isDone = false;
    const status = statusOf({ body: bodyOf(300), headers: PYTHON }).finally(() => (isDone = true));
    while (!isDone) {
      await new Promise((resolve) => setImmediate(resolve));
      server.clock.advance(10);
    }
    expect(await status).toBe(200);
    expect(server.outcomes).toMatchObject([{ outcome: 'ok' }]);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { embeddingRequest, RawConnection } from './support/raw-connection.js';
import { eventually, metric, openDescriptors, residentMegabytes, serves } from './support/server-process.js';

/** Enough to show that nothing is shared with them, few enough for two cores. */
const CROWD = 40;
const HTTP2_PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const EMPTY_SETTINGS = '\x00\x00\x00\x04\x00\x00\x00\x00\x00';
const WEB_SOCKET_UPGRADE =
  'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
/** A TLS 1.2 record that starts a ClientHello. */
const TLS_HELLO = Buffer.from('16030100a5010000a10303', 'hex');

let server: RunningServer;
let descriptorsBefore: number;
let crowd: RawConnection[] = [];
beforeAll(async () => {
  server = await startServer();
  await serves(server);
  descriptorsBefore = openDescriptors(server.pid);
});
afterEach(async () => {
  for (const client of crowd) client.reset();
  crowd = [];
  expect(await serves(server)).toBe(true);
  await eventually('the descriptors of hostile clients are given back', () => {
    return openDescriptors(server.pid) <= descriptorsBefore + 5;
  });
});
afterAll(async () => {
  const { pid } = server;
  expect(residentMegabytes(pid)).toBeLessThan(1_000);
  expect((await server.stop()).code).toBe(0);
});

/** Lets a crowd say `opening` and stay; a good client must be served meanwhile. */
async function serveBeside(opening: string): Promise<void> {
  crowd = await RawConnection.many(server, CROWD);
  await Promise.all(crowd.map((client) => client.write(Buffer.from(opening, 'latin1'))));
  for (let time = 0; time < 5; time++) expect(await serves(server)).toBe(true);
}

describe('clients that keep the server waiting cost only themselves', () => {
  it.each([
    ['say nothing', ''],
    ['send one byte', 'P'],
    ['stop within the words that tell HTTP/2', 'PRI'],
    ['send headers that never end', 'GET / HTTP/1.1\r\nHost: a\r\nX-Slow: '],
    [
      'send a body that never ends',
      'POST /encode HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{',
    ],
    [
      'send a chunk that never ends',
      'POST /encode HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"data"',
    ],
    ['send the HTTP/2 preface and nothing more', HTTP2_PREFACE],
    ['open HTTP/2 and no stream', HTTP2_PREFACE + EMPTY_SETTINGS],
    ['open a WebSocket and say nothing', WEB_SOCKET_UPGRADE],
    ['open a WebSocket and stop within a frame', `${WEB_SOCKET_UPGRADE}\x81\xfe`],
  ])('that %s', async (_what, opening) => {
    await serveBeside(opening);
  });

  it('silent ones and slow headers are cut in the end', async () => {
    crowd = [await RawConnection.to(server), await RawConnection.to(server), await RawConnection.to(server)];
    await crowd[1]!.write('PRI');
    await crowd[2]!.write('GET / HTTP/1.1\r\nX-Slow: ');
    await Promise.all(crowd.map((client) => client.closed));
  });
});

describe('clients that make no sense are cut', () => {
  it.each([
    ['garbage', Buffer.from('00ff13371337deadbeef0d0a0d0a', 'hex')],
    ['a TLS hello on the plain port', TLS_HELLO],
    ['a method that is none', 'FETCH-ME / HTTP/1.1\r\n\r\n'],
    ['two lengths', 'POST /encode HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n12345'],
    [
      'a length and chunks',
      'POST /encode HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a header with a bare line feed', 'GET / HTTP/1.1\r\nHost: a\r\nX: a\nb\r\n\r\n'],
    ['headers without end of size', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`],
    ['a preface that goes wrong', 'PRI * HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['an HTTP/2 frame of sixteen megabytes', `${HTTP2_PREFACE}${EMPTY_SETTINGS}\xff\xff\xff\x00\x00\x00\x00\x00\x01`],
  ])('%s', async (_what, bytes) => {
    const client = await RawConnection.to(server);
    await client.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    const answer = await client.untilClosed();
    expect(answer).not.toContain('HTTP/1.1 200');
    expect(answer).not.toContain('HTTP/1.1 5');
  });

  it('an upgrade to something else than WebSocket is answered as if it had not been asked for', async () => {
    const client = await RawConnection.to(server);
    await client.write('GET /status HTTP/1.1\r\nHost: a\r\nConnection: close, Upgrade\r\nUpgrade: h2c\r\n\r\n');
    expect(await client.untilClosed()).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('clients that go away', () => {
  it('in the middle of their requests leave nothing behind', async () => {
    for (const bytes of [
      'POST /enc',
      embeddingRequest('half').slice(0, -5),
      embeddingRequest('whole'),
      HTTP2_PREFACE,
      'PRI',
    ]) {
      const clients = await RawConnection.many(server, CROWD);
      await Promise.all(clients.map((client) => client.write(bytes)));
      for (const client of clients) client.reset();
    }
    expect(await serves(server)).toBe(true);
  });

  it('by halves, with their requests sent and their half closed, leave nothing behind', async () => {
    const openings = [embeddingRequest('half closed'), HTTP2_PREFACE, 'POST /enc', ''];
    const clients = await Promise.all(
      Array.from({ length: CROWD }, () => RawConnection.to(server, { allowHalfOpen: true })),
    );
    for (const [at, client] of clients.entries()) {
      client.socket.end(openings[at % openings.length]!);
    }
    expect(await serves(server)).toBe(true);
    await Promise.all(clients.map((client) => client.closed));
  });

  it('after a WebSocket upgrade leave nothing behind', async () => {
    const clients = await RawConnection.many(server, CROWD);
    await Promise.all(clients.map((client) => client.write(WEB_SOCKET_UPGRADE)));
    for (const client of clients) client.reset();
    expect(await serves(server)).toBe(true);
  });
});

describe('unusual but good clients are served', () => {
  it('one that sends byte by byte gets its answer', async () => {
    const client = await RawConnection.to(server);
    client.socket.setNoDelay(true);
    for (const byte of embeddingRequest('slowly', 'Connection: close\r\n')) await client.write(byte);
    expect(await client.untilClosed()).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('one that sends three requests at once gets three answers in order', async () => {
    const client = await RawConnection.to(server);
    const last = 'GET /nosuch HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    await client.write(`${embeddingRequest('one')}GET / HTTP/1.1\r\nHost: a\r\n\r\n${last}`);
    const statuses = [...(await client.untilClosed()).matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status);
    expect(statuses).toEqual(['200', '200', '404']);
  });
});

it('more connections than the port takes are told so, while those that are open go on', async () => {
  await using small = await startServer({ env: { CAS_CONNECTIONS_MAX: '40' } });
  const first = await RawConnection.to(small);
  await eventually('the first one is taken', async () => (await metric(small, 'clip_connections')) === 1);
  const clients = await RawConnection.many(small, CROWD);
  await Promise.all(clients.map((client) => client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')));
  const isAnswered = ({ text }: RawConnection) => text !== '';
  await eventually('all are answered', () => clients.every(isAnswered));
  const refused = clients.filter(({ text }) => text.startsWith('HTTP/1.1 503 '));
  expect(refused).toHaveLength(CROWD - 19);
  expect(await metric(small, 'clip_refused_connections_total')).toBe(CROWD - 19);
  await first.write(embeddingRequest('still here', 'Connection: close\r\n'));
  expect(await first.untilClosed()).toMatch(/^HTTP\/1\.1 200 /);
  for (const client of clients) client.reset();
  await eventually('others are taken again', () => serves(small).catch(() => false));
});

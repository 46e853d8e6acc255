import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startServer, type RunningServer } from '../support/server.js';
import { dataMessage, echoMessage, idsOf, textDocuments, vectorOf } from './support/documents.js';
import { model } from './support/fixtures.js';
import { fromBytes, toBytes } from './support/grpc-clients.js';
import { intoWebSocket, Pump } from './support/pump.js';
import { eventually, metric, residentMegabytes, serves } from './support/server-process.js';

const MEBIBYTE = 1024 * 1024;
const bytesMax = 4 * MEBIBYTE;

interface JsonAnswer {
  header: { request_id: string; exec_endpoint: string; status?: { code: number } };
  data: { id: string; embedding: number[] | null }[];
}

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ env: { CAS_REQUEST_BYTES_MAX: '4MiB', CAS_STREAM_IN_FLIGHT_MAX: '8' } });
});
afterAll(() => server?.stop());

async function open(protocols: string[] = [], path = '/', of = server): Promise<WebSocket> {
  const socket = new WebSocket(of.ws(path), protocols, { perMessageDeflate: true });
  await once(socket, 'open');
  return socket;
}

/** Everything that comes until the server closes, and how it closed. */
function untilClosed(socket: WebSocket): Promise<{ frames: Buffer[]; kinds: boolean[]; code: number; reason: string }> {
  const frames: Buffer[] = [];
  const kinds: boolean[] = [];
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    frames.push(data);
    kinds.push(isBinary);
  });
  socket.on('error', () => undefined);
  return new Promise((resolve) => {
    socket.once('close', (code, reason) => resolve({ frames, kinds, code, reason: reason.toString() }));
  });
}

const texts = ['a photo of a cat', 'a photo of a dog'];
const END_OF_BYTES = Buffer.from([0]);

describe('sub-protocol bytes', () => {
  it('answers several requests by their ids and closes with 1000 after the end frame', async () => {
    const socket = await open(['bytes']);
    expect(socket.extensions).toBe('');
    const closed = untilClosed(socket);
    for (let at = 0; at < 20; at++) socket.send(toBytes(dataMessage(`r${at}`, textDocuments(`r${at}`, texts))));
    socket.send(END_OF_BYTES);
    const { frames, kinds, code, reason } = await closed;
    expect([code, reason, kinds.every(Boolean)]).toEqual([1000, '', true]);
    const answers = frames.map(fromBytes);
    expect(new Set(answers.map(({ header }) => header.requestId)).size).toBe(20);
    for (const answer of answers) {
      expect(idsOf(answer)).toEqual(texts.map((_, at) => `${answer.header.requestId}-${at}`));
      expect(vectorOf(answer.data.docs.docs[1])).toHaveLength(model.dimension);
    }
  });

  it('works on several requests at a time', async () => {
    const socket = await open(['bytes']);
    const closed = untilClosed(socket);
    socket.send(toBytes(dataMessage('slow', textDocuments('slow', Array<string>(2_000).fill('a long list')))));
    socket.send(toBytes(echoMessage('quick', 10)));
    socket.send(END_OF_BYTES);
    const { frames } = await closed;
    expect(frames.map((frame) => fromBytes(frame).header.requestId)).toEqual(['quick', 'slow']);
  });

  it('tells a mistake in band and goes on', async () => {
    const socket = await open(['bytes']);
    const closed = untilClosed(socket);
    socket.send(toBytes(dataMessage('bad', [{ id: 'x', blob: Buffer.from('no image') }])));
    socket.send(toBytes(dataMessage('good', textDocuments('good', texts))));
    socket.send(END_OF_BYTES);
    const { frames, code } = await closed;
    const byId = new Map(frames.map(fromBytes).map((answer) => [answer.header.requestId, answer]));
    expect(code).toBe(1000);
    expect(byId.get('bad')?.header.status?.exception?.name).toBe('UnidentifiedImageError');
    expect(byId.get('good')?.header.status).toBeNull();
  });
});

describe.each([['json'], [undefined]])('sub-protocol %s', (protocol) => {
  it('answers JSON texts and closes with 1000 after {}', async () => {
    const socket = await open(protocol ? [protocol] : []);
    expect(socket.protocol).toBe(protocol ?? '');
    const closed = untilClosed(socket);
    for (let at = 0; at < 5; at++) {
      const data = textDocuments(`r${at}`, texts);
      socket.send(JSON.stringify({ header: { request_id: `r${at}` }, exec_endpoint: '/encode', data }));
    }
    socket.send('{}');
    const { frames, kinds, code } = await closed;
    expect([code, kinds.some(Boolean)]).toEqual([1000, false]);
    const answers = frames.map((frame) => JSON.parse(frame.toString()) as JsonAnswer);
    expect(answers.map(({ header }) => header.request_id).sort()).toEqual(['r0', 'r1', 'r2', 'r3', 'r4']);
    for (const { header, data } of answers) {
      expect(header.exec_endpoint).toBe('/encode');
      expect(data.map(({ id }) => id)).toEqual([`${header.request_id}-0`, `${header.request_id}-1`]);
      expect(data[0]?.embedding).toHaveLength(model.dimension);
    }
  });
});

describe('what cannot be understood', () => {
  it.each([
    ['garbage bytes', ['bytes'], Buffer.from([0x0a, 0xff, 0xff, 0xff, 0x7f]), 1011, ''],
    ['a text where bytes are spoken', ['bytes'], '{"data":[]}', 1011, 'not text'],
    ['bytes where JSON is spoken', ['json'], Buffer.from('{"data":[]}'), 1003, 'not binary'],
    ['a text that is no JSON', [], '{"data":', 1007, 'JSON decode error'],
    ['JSON of the wrong shape', [], '{"data":5}', 1007, 'body.data'],
  ])('%s ends the connection with a code and a reason', async (_what, protocols, frame, code, words) => {
    const socket = await open(protocols);
    const closed = untilClosed(socket);
    socket.send(frame);
    const end = await closed;
    expect(end).toMatchObject({ code, frames: [] });
    expect(end.reason).toContain(words);
    expect(end.reason).not.toBe('');
  });

  it('a text that is not UTF-8 is told with the byte that is wrong', async () => {
    const socket = await open();
    const closed = untilClosed(socket);
    socket.send(Buffer.from('{"data":[{"text":"caf\xe9"}]}', 'latin1'), { binary: false });
    expect(await closed).toMatchObject({ code: 1007, reason: expect.stringContaining('byte 21 ') as unknown });
  });

  it.each([
    ['bytes', 1011, Buffer.alloc(bytesMax + 1)],
    ['json', 1009, 'x'.repeat(bytesMax + 1)],
  ])('a frame over the limit is closed with words, in %s with %d', async (protocol, code, frame) => {
    const socket = await open([protocol]);
    const closed = untilClosed(socket);
    socket.send(frame);
    expect(await closed).toMatchObject({ code, reason: expect.stringContaining('larger than this server accepts') });
  });

  it('too many items for one request are told, in bytes by 1011 since jina hears no other code', async () => {
    const documents = textDocuments('many', Array<string>(10_001).fill('a'));
    for (const [protocol, code, frame] of [
      ['bytes', 1011, toBytes(dataMessage('many', documents))],
      ['json', 1009, JSON.stringify({ data: documents, execEndpoint: '/encode' })],
    ] as const) {
      const socket = await open([protocol]);
      const closed = untilClosed(socket);
      socket.send(frame);
      expect(await closed).toMatchObject({ code, reason: expect.stringContaining('10001 items') });
    }
  });

  it.each([
    ['/nosuch', 404],
    ['/encode', 405],
    ['/v1/models', 200],
    ['/nosuch/', 404],
  ])('an upgrade at %s is answered over HTTP with %i', async (path, status) => {
    const socket = new WebSocket(server.ws(path));
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toBe(`Unexpected server response: ${status}`);
  });
});

it('/dry_run answers any message with the empty status and closes with 1000', async () => {
  const socket = await open([], '/dry_run');
  const closed = untilClosed(socket);
  socket.send(Buffer.alloc(0));
  expect(await closed).toMatchObject({ code: 1000, frames: [Buffer.alloc(0)] });
});

it('a client that sends and does not read is no longer read, while others are served', async () => {
  const socket = await open(['bytes']);
  socket.on('error', () => undefined);
  socket.pause();
  const before = residentMegabytes(server.pid);
  const frame = toBytes(echoMessage('unread', 256 * 1024));
  const pump = new Pump(
    4_000,
    intoWebSocket(socket, () => frame),
  );
  await pump.stalled(server);
  expect(pump.sent * frame.length).toBeLessThan(64 * MEBIBYTE);
  expect(residentMegabytes(server.pid) - before).toBeLessThan(150);
  socket.terminate();
  await pump.done;
  expect(await serves(server)).toBe(true);
});

it('messages that stop half way hold no more together than one caller may, while others are served', async () => {
  const env = { CAS_REQUEST_BYTES_MAX: '1MiB', CAS_IN_FLIGHT_BYTES_MAX: '8MiB' };
  await using small = await startServer({ env });
  const held = () => metric(small, 'clip_in_flight_bytes');
  const sockets = await Promise.all(Array.from({ length: 40 }, () => open(['bytes'], '/', small)));
  const closed = Promise.all(sockets.map((socket) => untilClosed(socket)));
  for (const socket of sockets) socket.send(Buffer.alloc(900 * 1024), { fin: false });
  await eventually('they hold something', async () => (await held()) > MEBIBYTE);
  for (let time = 0; time < 10; time++) expect(await serves(small)).toBe(true);
  expect(await held()).toBeLessThanOrEqual(4 * MEBIBYTE);
  const quick = await open(['bytes'], '/', small);
  quick.send(toBytes(dataMessage('quick', textDocuments('quick', texts))));
  const [answer] = (await once(quick, 'message')) as [Buffer];
  expect(fromBytes(answer).header.requestId).toBe('quick');
  for (const socket of [...sockets, quick]) socket.terminate();
  await closed;
  await eventually('nothing is held any more', async () => (await held()) === 0);
});

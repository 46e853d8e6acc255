import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { DomainError, type Document } from '#core';
import { encodeDataResponse } from '../codec/index.js';
import { type RunningServer, startServer } from '../testing/running-server.js';

let server: RunningServer;
afterEach(() => server.app.close());

/** Sends `frames` and tells how the server ends the connection. */
async function endOf(
  protocols: string[],
  ...frames: (Buffer | string | Promise<Buffer>)[]
): Promise<{ code: number; reason: string }> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/`, protocols);
  await once(socket, 'open');
  const closed = once(socket, 'close') as Promise<[number, Buffer]>;
  for (const frame of frames) socket.send(await frame);
  const [code, reason] = await closed;
  return { code, reason: reason.toString() };
}

/** Requests and answers are the same message, so an answer's encoder writes requests too. */
function requestOf(documents: Document[]): Promise<Buffer> {
  const parts = { endpoint: '/encode', parameters: {}, hasParameters: false, routes: [] };
  return encodeDataResponse({ requestId: 'r', ...parts, documents });
}

/** Message field `number` around `content`; lengths up to 2 MiB. */
function field(number: number, content: Buffer): Buffer {
  const size = content.length;
  return Buffer.concat([
    Buffer.of((number << 3) | 2, (size & 127) | 128, ((size >> 7) & 127) | 128, size >> 14),
    content,
  ]);
}

const twoTexts = [{ text: 'a cat' }, { text: 'a dog' }];
const TOO_MANY = 'The request has 2 items; at most 1 are allowed. Split it into several requests.';

describe('a failure of a call', () => {
  it('closes with 1011 and the reason where the Python client listens, which hears no other code', async () => {
    server = await startServer({ requestItemsMax: 1 });
    expect(await endOf(['bytes'], requestOf(twoTexts))).toEqual({ code: 1011, reason: TOO_MANY });
    server.model.refusals = [new DomainError('unavailable', 'No replica of the model is ready.')];
    const failed = await endOf(['bytes'], requestOf([{ text: 'a cat' }]));
    expect(failed).toEqual({ code: 1011, reason: 'No replica of the model is ready.' });
  });

  it('closes with its own code for everyone else', async () => {
    server = await startServer({ requestItemsMax: 1 });
    const request = JSON.stringify({ data: twoTexts, execEndpoint: '/encode' });
    expect(await endOf(['json'], request)).toEqual({ code: 1009, reason: TOO_MANY });
    expect(await endOf([], request)).toEqual({ code: 1009, reason: TOO_MANY });
  });

  it('cuts a reason that a close frame cannot hold between two letters', async () => {
    server = await startServer();
    server.model.refusals = [new DomainError('unavailable', '日'.repeat(200))];
    const failed = await endOf(['bytes'], requestOf([{ text: 'a cat' }]));
    expect(failed).toEqual({ code: 1011, reason: '日'.repeat(41) });
  });

  it('tells a request of more documents than can be read, instead of cutting the line', async () => {
    server = await startServer({ requestBytesMax: 1_000_000 });
    const documents = Buffer.alloc(2 * 100_001, Buffer.of((1 << 3) | 2, 0));
    const { code, reason } = await endOf(['bytes'], field(4, field(1, documents)));
    expect(code).toBe(1011);
    expect(reason).toContain('100000 documents');
  });
});

describe('a frame that ws refuses by itself', () => {
  it('is told in words, and to the Python client with the code that it hears', async () => {
    server = await startServer({ requestBytesMax: 1_000 });
    const reason = expect.stringContaining('larger than this server accepts') as unknown;
    expect(await endOf(['bytes'], Buffer.alloc(1_001))).toEqual({ code: 1011, reason });
    expect(await endOf(['json'], 'x'.repeat(1_001))).toEqual({ code: 1009, reason });
  });
});

describe('a close that is no failure', () => {
  it('answers the close of a client with what the client said', async () => {
    server = await startServer();
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/`, ['bytes']);
    await once(socket, 'open');
    socket.close(4321, 'enough');
    expect(((await once(socket, 'close')) as [number])[0]).toBe(4321);
  });

  it('stays 1000 at the end of what the Python client sends', async () => {
    server = await startServer();
    expect(await endOf(['bytes'], requestOf([]), Buffer.of(0))).toEqual({ code: 1000, reason: '' });
  });
});

it('a shutdown is an error that the Python client raises, and 1001 for everyone else', async () => {
  server = await startServer();
  const sockets = [['bytes'], ['json']].map((offered) => new WebSocket(`ws://127.0.0.1:${server.port}/`, offered));
  await Promise.all(sockets.map((socket) => once(socket, 'open')));
  const closed = Promise.all(sockets.map((socket) => once(socket, 'close') as Promise<[number, Buffer]>));
  await server.app.close();
  expect((await closed).map(([code, reason]) => [code, reason.toString()])).toEqual([
    [1011, 'The server is shutting down.'],
    [1001, 'The server is shutting down.'],
  ]);
});

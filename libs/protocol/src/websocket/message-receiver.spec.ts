import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { ManualClock } from '#core';
import { ByteBudget } from '../budget/index.js';
import { receiveMessages } from './message-receiver.js';

const MEBIBYTE = 1024 * 1024;
const large = Buffer.from(Uint8Array.from({ length: 3 * MEBIBYTE + 3 }, (_, at) => (at * 7919) >> 3));

let server: WebSocketServer;
let client: WebSocket;
let received: Buffer[];
let closed: Promise<unknown[]>;
beforeEach(async () => {
  received = [];
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: 4 * MEBIBYTE });
  await once(server, 'listening');
  const budget = new ByteBudget({
    bytesMax: 16 * MEBIBYTE,
    messageBytesMax: 4 * MEBIBYTE,
    clock: new ManualClock(),
  });
  server.on('connection', (socket, upgrade) => {
    receiveMessages(socket, upgrade.socket, {
      budget,
      caller: () => 'somebody',
      onMessage: ({ data, reservation }) => {
        received.push(data);
        reservation.release();
        return undefined;
      },
      onCut: () => undefined,
    });
    socket.on('error', () => undefined);
  });
  const address = server.address();
  client = new WebSocket(`ws://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`);
  client.on('error', () => undefined);
  closed = once(client, 'close');
  await once(client, 'open');
});
afterEach(() => {
  client.terminate();
  server.close();
});

/** What the server got until it has read the close frame, which comes last. */
async function got(): Promise<string[]> {
  client.close(1000);
  await closed;
  return received.map((data) => (data.equals(large) ? 'large' : data.toString()));
}

describe('receiveMessages', () => {
  it('gives large messages whole, and those around them in their order', async () => {
    for (const message of ['a', large, 'b', 'c', large, large, 'd']) client.send(message);
    expect(await got()).toEqual(['a', 'large', 'b', 'c', 'large', 'large', 'd']);
  });

  it('gives a message whole that comes in fragments', async () => {
    client.send(large.subarray(0, 2 * MEBIBYTE), { fin: false, binary: true });
    client.send(large.subarray(2 * MEBIBYTE), { fin: true, binary: true });
    expect(await got()).toEqual(['large']);
  });

  it('gives a message whole that comes in very many fragments, empty ones and pings between them', async () => {
    for (let at = 0; at < 30_000; at++) {
      client.send(large.subarray(at, at + (at % 3)), { fin: false, binary: true });
      if (at % 1_000 === 0) client.ping('still here');
    }
    client.send('', { fin: true });
    client.send('b');
    client.send('');
    client.send('c');
    const pieces = Array.from({ length: 30_000 }, (_, at) => large.subarray(at, at + (at % 3)));
    expect(await got()).toEqual([Buffer.concat(pieces).toString(), 'b', '', 'c']);
  });

  it('leaves what ws refuses to ws', async () => {
    client.send(Buffer.alloc(4 * MEBIBYTE + 1));
    expect((await closed)[0]).toBe(1009);
  });

  it('tells a mistake after a large message', async () => {
    client.send(large);
    const raw: unknown = Reflect.get(client, '_socket');
    const { write } = raw as { write(bytes: Buffer): void };
    write.call(raw, Buffer.from([0x87, 0x80, 1, 2, 3, 4])); // opcode 7 means nothing
    expect((await closed)[0]).toBe(1002);
    expect(received.map((data) => data.equals(large))).toEqual([true]);
  });
});

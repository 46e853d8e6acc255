import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { awaitFirstBytes, type Spoken } from './first-bytes.js';

/** Longer than any spec runs: only the spec about silence waits for it to pass. */
const WAIT_MS_MAX = 60_000;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

interface Seen {
  client: Socket;
  /** What was told of the connection, and its server side. */
  handedOver: Promise<{ spoken: Spoken; socket: Socket }>;
  /** Resolves when the wait is over, either way. */
  ended: Promise<void>;
  calls: () => number;
}

/** A real connection whose server side waits for the first bytes. */
async function open(waitMsMax = WAIT_MS_MAX): Promise<Seen> {
  const handed = Promise.withResolvers<{ spoken: Spoken; socket: Socket }>();
  const ended = Promise.withResolvers<void>();
  let calls = 0;
  const server = createServer((socket) => {
    const handOver = (spoken: Spoken): void => {
      calls += 1;
      handed.resolve({ spoken, socket });
    };
    awaitFirstBytes(socket, waitMsMax, handOver, ended.resolve);
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.setNoDelay(true);
  await once(client, 'connect');
  return { client, handedOver: handed.promise, ended: ended.promise, calls: () => calls };
}

describe('awaitFirstBytes', () => {
  it.each([
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'http2'],
    ['GET / HTTP/1.1\r\n\r\n', 'http1'],
    ['PRINT / HTTP/1.1\r\n\r\n', 'http1'],
    ['POST / HTTP/1.1\r\n\r\n', 'http1'],
    ['\u0016\u0003\u0001', 'tls'],
    ['\u0000', 'http1'],
  ])('tells what %j speaks and loses none of it', async (sent, spoken) => {
    const { client, handedOver } = await open();
    client.end(sent);
    const given = await handedOver;
    expect(given.spoken).toBe(spoken);
    expect(await text(given.socket)).toBe(sent);
  });

  it('waits for the byte that decides, however the network cuts them', async () => {
    const { client, handedOver, calls } = await open();
    for (const letter of 'PRI') {
      client.write(letter);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(calls()).toBe(0);
    client.end(' * HTTP/2.0');
    const { spoken, socket } = await handedOver;
    expect(spoken).toBe('http2');
    expect(await text(socket)).toBe('PRI * HTTP/2.0');
  });

  it.each([
    ['hangs up', (client: Socket) => client.end()],
    ['hangs up in the middle of the preface', (client: Socket) => client.end('PR')],
    ['resets the line', (client: Socket) => client.resetAndDestroy()],
  ])('hands nothing over when the client %s', async (_how, leave) => {
    const { client, ended, calls } = await open();
    client.on('error', () => undefined).resume();
    const closed = once(client, 'close');
    leave(client);
    await ended;
    await closed;
    expect(calls()).toBe(0);
  });

  it('cuts a client that says nothing', async () => {
    const { client, ended, calls } = await open(1);
    client.on('error', () => undefined).resume();
    const closed = once(client, 'close');
    await ended;
    await closed;
    expect(calls()).toBe(0);
  });
});

import { status } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { type DataMessage, dataMessage, echoMessage, exchange, textDocuments } from './support/documents.js';
import { picture } from './support/fixtures.js';
import { type AnyClient, duplex, grpcClient, streamFailure, toBytes } from './support/grpc-clients.js';
import { postJson } from './support/http-call.js';
import { intoConnection, intoStream, Pump } from './support/pump.js';
import { RawConnection } from './support/raw-connection.js';
import { residentMegabytes, serves } from './support/server-process.js';
import { UnreadCall } from './support/unread-call.js';

const KIBIBYTE = 1024;
const messageBytes = 256 * KIBIBYTE;
/** A gigabyte, of which no part of the way may hold more than a little. */
const messagesMax = 4_000;
const QUEUE_ITEMS_MAX = 64;
const GROWTH_MB_MAX = 150;

let server: RunningServer;
let client: AnyClient;
let before: number;
beforeAll(async () => {
  server = await startServer({
    env: {
      CAS_REQUEST_BYTES_MAX: '4MiB',
      CAS_STREAM_IN_FLIGHT_MAX: '8',
      CAS_REQUEST_ITEMS_MAX: `${QUEUE_ITEMS_MAX}`,
      CAS_QUEUE_ITEMS_MAX: `${QUEUE_ITEMS_MAX}`,
      CAS_CACHE_BYTES_MAX: '0',
    },
  });
  client = grpcClient('jina.JinaRPC', server.target);
  await exchange(
    call(),
    Array.from({ length: 100 }, (_, at) => echoMessage(`warm-${at}`, messageBytes)),
  );
  before = residentMegabytes(server.pid);
});
afterEach(async () => {
  expect(residentMegabytes(server.pid) - before).toBeLessThan(GROWTH_MB_MAX);
  expect(await serves(server)).toBe(true);
});
afterAll(async () => {
  client?.close();
  await server?.stop();
});

const call = () => duplex<DataMessage, DataMessage>(client, 'Call');

describe('a client that sends and does not read', () => {
  it('over gRPC is no longer read, while others are served, and loses nothing when it reads after all', async () => {
    const unread = UnreadCall.to(server, '/jina.JinaRPC/Call');
    const pump = new Pump(messagesMax, (at) => unread.send(toBytes(echoMessage(`${at}`, messageBytes))));
    await pump.stalled(server);
    expect(pump.sent * messageBytes).toBeLessThan(64 * KIBIBYTE * KIBIBYTE);

    pump.stop();
    const reading = unread.readToEnd();
    await pump.done;
    expect(await reading).toEqual({ answers: pump.sent, status: '0' });
  });

  it('over HTTP, with one request after the other on its connection, is no longer read either', async () => {
    const raw = await RawConnection.to(server);
    raw.socket.pause();
    const body = JSON.stringify({ data: [{ tags: { fill: 'x'.repeat(messageBytes) } }] });
    const head = `POST /encode HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    const pump = new Pump(
      messagesMax,
      intoConnection(raw, () => head + body),
    );
    await pump.stalled(server);
    expect(pump.sent * messageBytes).toBeLessThan(64 * KIBIBYTE * KIBIBYTE);
    raw.reset();
    await pump.done;
  });
});

describe('a client that floods', () => {
  it('a gRPC stream is read as fast as the model works and no faster, and others are served between', async () => {
    const fill = { fields: { fill: { stringValue: 'x'.repeat(messageBytes) } } };
    const image = picture('photo-cat.jpg');
    const stream = call();
    let answered = 0;
    let unansweredMost = 0;
    const ended = new Promise<void>((resolve, reject) => {
      stream.on('end', resolve);
      stream.on('error', reject);
    });
    const send = intoStream(stream, (at) => dataMessage(`${at}`, [{ id: `${at}`, blob: image, tags: fill }]));
    const pump = new Pump(250, async (at) => {
      await send(at);
      unansweredMost = Math.max(unansweredMost, at + 1 - answered);
    });
    stream.on('data', () => answered++);
    while (pump.sent < pump.most) expect(await serves(server)).toBe(true);
    await pump.done;
    stream.end();
    await ended;
    expect(answered).toBe(250);
    // Far from 250: those that are worked on, two windows of 4 MB, and the message queues of both ends.
    expect(unansweredMost).toBeLessThan(120);
  });

  it('the queue with single calls is told to come back later, at once, and every call has an answer', async () => {
    const texts = Array.from({ length: 16 }, (_, at) => ({ text: `text ${at}` }));
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => postJson(server.http('/encode'), { data: texts })),
    );
    const refused = answers.filter((answer) => answer.status === 429);
    expect(answers.every((answer) => answer.status === 200 || answer.status === 429)).toBe(true);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(100);
    for (const answer of refused) expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  });

  it('the queue with streams is slowed down and not refused', async () => {
    const streams = Array.from({ length: 10 }, (_, stream) =>
      exchange(
        call(),
        Array.from({ length: 20 }, (_, at) =>
          dataMessage(`${stream}-${at}`, textDocuments(`${at}`, Array<string>(16).fill('a text'))),
        ),
      ),
    );
    const answers = (await Promise.all(streams)).flat();
    expect(new Set(answers.map(({ header }) => header.requestId)).size).toBe(200);
    expect(answers.filter(({ header }) => header.status)).toEqual([]);
  });

  it('a stream with a request of more items than are allowed is ended, not tried again for ever', async () => {
    const stream = call();
    stream.write(dataMessage('huge', textDocuments('huge', Array<string>(QUEUE_ITEMS_MAX + 1).fill('x'))));
    const error = await streamFailure(stream as never);
    expect(error.code).toBe(status.RESOURCE_EXHAUSTED);
    expect(error.details).toContain(`at most ${QUEUE_ITEMS_MAX}`);
  });
});

import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beginCall, type RawGrpcCall } from '../testing/raw-grpc-call.js';
import { type RunningServer, startServer } from '../testing/running-server.js';
import { servedDefinitions } from './definitions.js';

/** Small messages are those up to 250 kB; one caller gets 1 MB of the small and 3 MB of the large room. */
const LIMITS = { requestBytesMax: 1_000_000, inFlightBytesMax: 8_000_000 };
const LARGE = 900_000;
const ENCODE = '/clip.v1.Clip/Encode';
const STREAM = '/clip.v1.Clip/EncodeStream';

let server: RunningServer;
const sessions: ClientHttp2Session[] = [];
beforeEach(async () => {
  server = await startServer(LIMITS);
});
afterEach(async () => {
  for (const session of sessions.splice(0)) session.destroy();
  await server.app.close();
});

function open(from = '127.0.0.1'): ClientHttp2Session {
  const session = connectHttp2(`http://127.0.0.1:${server.port}`, {
    createConnection: () => connect({ host: '127.0.0.1', port: server.port, localAddress: from }),
  });
  session.on('error', () => undefined);
  sessions.push(session);
  return session;
}

const begin = (session: ClientHttp2Session, path = ENCODE, headers = {}): RawGrpcCall =>
  beginCall(session, path, headers);

/** An EncodeRequest of about `bytes` bytes, with its prefix. */
function message(bytes: number): Buffer {
  const method = servedDefinitions['clip.v1.Clip'] as unknown as Record<
    string,
    { requestSerialize: (value: object) => Buffer }
  >;
  return framed(method['Encode']?.requestSerialize({ items: [{ text: 'x'.repeat(bytes) }] }) ?? Buffer.alloc(0));
}

function framed(content: Buffer, flag = 0): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(content.length, 1);
  return Buffer.concat([prefix, content]);
}

function write(stream: ClientHttp2Stream, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => stream.write(bytes, () => resolve()));
}

/** Whether the server answers a small call on another connection; by then it has seen what was sent before. */
async function serves(): Promise<boolean> {
  const session = open('127.0.0.99');
  const call = begin(session);
  call.stream.end(message(10));
  const { 'grpc-status': status } = await call.ended;
  session.destroy();
  return status === '0';
}

describe('a gRPC message that stops half way', () => {
  it.each([
    ['a call', ENCODE, message(LARGE).subarray(0, 50_000)],
    ['a call that sends nothing', ENCODE, Buffer.alloc(0)],
    ['a call that sends a whole message and no end', ENCODE, message(10)],
    ['a stream', STREAM, message(LARGE).subarray(0, 50_000)],
    ['a stream within the prefix', STREAM, message(10).subarray(0, 3)],
  ])('is given up after 120 seconds: %s', async (_what, path, start) => {
    const call = begin(open(), path);
    if (start.length > 0) await write(call.stream, start);
    expect(await serves()).toBe(true);
    server.clock.advance(119_000);
    expect(await serves()).toBe(true);
    expect(call.outcome()).toBeUndefined();
    server.clock.advance(2_000);
    expect(await call.ended).toMatchObject({ 'grpc-status': '4', 'error-code': 'deadline_exceeded' });
  });

  it('is another thing than a stream that is silent between its messages', async () => {
    const call = begin(open(), STREAM);
    for (let at = 0; at < 2; at++) {
      const answer = once(call.stream, 'data');
      await write(call.stream, message(10));
      await answer;
      server.clock.advance(400_000);
    }
    call.stream.end();
    expect(await call.ended).toMatchObject({ 'grpc-status': '0' });
  });

  it('may come slowly as long as it comes', async () => {
    const call = begin(open());
    const whole = message(LARGE);
    for (let at = 0; at < whole.length; at += 300_000) {
      await write(call.stream, whole.subarray(at, at + 300_000));
      expect(await serves()).toBe(true);
      server.clock.advance(60_000);
    }
    call.stream.end();
    expect(await call.ended).toMatchObject({ 'grpc-status': '0' });
  });
});

describe('the budget for gRPC messages', () => {
  it('holds of twenty streams of one connection no more than the share of one caller, and refuses what cannot wait', async () => {
    const session = open();
    const whole = message(LARGE);
    const calls = Array.from({ length: 20 }, () => begin(session));
    for (const { stream } of calls) stream.write(whole.subarray(0, LARGE / 2));
    await expect.poll(() => calls.filter(({ outcome }) => outcome()).length).toBeGreaterThanOrEqual(12);
    const refused = calls.filter(({ outcome }) => outcome());
    for (const { ended } of refused)
      expect(await ended).toMatchObject({ 'grpc-status': '8', 'error-code': 'queue_full', 'retry-after-ms': '1000' });
    const kept = calls.filter(({ outcome }) => !outcome());
    expect(kept.length).toBeGreaterThan(2);
    for (const { stream } of kept) stream.end(whole.subarray(LARGE / 2));
    for (const { ended } of kept) expect(await ended).toMatchObject({ 'grpc-status': '0' });
  });

  it.runIf(process.platform === 'linux')('reads messages of many connections in turn and refuses none', async () => {
    const whole = message(LARGE);
    const calls = Array.from({ length: 30 }, (_, at) => begin(open(`127.0.1.${at % 5}`)));
    for (const { stream } of calls) stream.write(whole.subarray(0, LARGE / 2));
    expect(await serves()).toBe(true);
    for (const { stream } of calls) stream.end(whole.subarray(LARGE / 2));
    const statuses = await Promise.all(calls.map(async ({ ended }) => (await ended)['grpc-status']));
    expect(statuses).toEqual(Array<string>(30).fill('0'));
  });

  it.runIf(process.platform === 'linux')(
    'holds of slow senders what they have sent: a large message passes eight of them',
    async () => {
      for (let at = 2; at < 10; at++)
        await write(begin(open(`127.0.0.${at}`)).stream, message(LARGE).subarray(0, 3_000));
      for (let time = 0; time < 3; time++) {
        const call = begin(open());
        call.stream.end(message(LARGE));
        expect(await call.ended).toMatchObject({ 'grpc-status': '0' });
      }
    },
  );

  it('has room for what messages unpack to: compressed ones are unpacked in turn', async () => {
    const packed = framed(gzipSync(message(LARGE).subarray(5)), 1);
    expect(packed.length).toBeLessThan(5_000);
    const calls = Array.from({ length: 20 }, () => begin(open(), ENCODE, { 'grpc-encoding': 'gzip' }));
    for (const { stream } of calls) stream.end(packed);
    const statuses = await Promise.all(calls.map(async ({ ended }) => (await ended)['grpc-status']));
    expect(statuses).toEqual(Array<string>(20).fill('0'));
  });

  it('gives room back when calls end, in whichever way', async () => {
    for (let round = 0; round < 10; round++) {
      const calls = Array.from({ length: 4 }, () => begin(open(), round % 2 === 0 ? ENCODE : STREAM));
      for (const { stream } of calls) await write(stream, message(LARGE).subarray(0, 600_000));
      expect(await serves()).toBe(true);
      for (const { stream } of calls) stream.close();
      for (const session of sessions.splice(0)) session.destroy();
    }
    const call = begin(open());
    call.stream.end(message(LARGE));
    expect(await call.ended).toMatchObject({ 'grpc-status': '0' });
  });

  it('hands the messages of a stream over in order, whole, however they are cut', async () => {
    const call = begin(open(), STREAM);
    const sizes: number[] = [];
    call.stream.on('data', (chunk: Buffer) => sizes.push(chunk.length));
    const all = Buffer.concat([1, 2, 3, 300_000, 4, 5].map((bytes) => message(bytes)));
    for (let at = 0; at < all.length; at += at < 100 ? 1 : 7_919)
      await write(call.stream, all.subarray(at, at + (at < 100 ? 1 : 7_919)));
    call.stream.end();
    expect(await call.ended).toMatchObject({ 'grpc-status': '0' });
    expect(server.outcomes.map(({ outcome }) => outcome)).toEqual(Array<string>(6).fill('ok'));
  });
});

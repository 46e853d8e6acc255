import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beginCall, type RawGrpcCall } from '../testing/raw-grpc-call.js';
import { type RunningServer, startServer } from '../testing/running-server.js';
import { MessageFrames } from './status-after-sending.js';

/** One caller gets 3 MB of the room for large messages, those above 250 kB. */
const LIMITS = { requestBytesMax: 1_000_000, inFlightBytesMax: 8_000_000 };
/** Wire type 7, which protobuf does not have: no request can be read of it. */
const UNREADABLE = framed(Buffer.of(0x7f));
const STREAM = '/clip.v1.Clip/EncodeStream';
const GRPCIO = 'grpc-python-asyncio/1.68.0 grpc-c/45.0.0 (linux; chttp2)';
const REFUSED = { 'grpc-status': '3', 'error-code': 'invalid_argument' };

let server: RunningServer;
let session: ClientHttp2Session;
beforeEach(async () => {
  server = await startServer(LIMITS);
  session = connect(`http://127.0.0.1:${server.port}`);
  session.on('error', () => undefined);
});
afterEach(async () => {
  session.destroy();
  await server.app.close();
});

function framed(content: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(content.length, 1);
  return Buffer.concat([prefix, content]);
}

const begin = (path = STREAM, userAgent = GRPCIO): RawGrpcCall => beginCall(session, path, { 'user-agent': userAgent });

function write(stream: ClientHttp2Stream, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => stream.write(bytes, () => resolve()));
}

/** A stream whose first message could not be read, which the server knows, and which has sent `more` since. */
async function failing(more: Buffer): Promise<RawGrpcCall> {
  const call = begin();
  await write(call.stream, UNREADABLE);
  await expect.poll(() => server.outcomes.length).toBe(1);
  if (more.length > 0) await write(call.stream, more);
  await roundTrip();
  return call;
}

/** Resolves when the server has seen what was sent before on this connection. */
async function roundTrip(): Promise<void> {
  for (let time = 0; time < 2; time++) await new Promise((resolve) => session.ping(() => resolve(undefined)));
}

describe('the status of a stream of the asyncio client of grpcio that has failed', () => {
  it('waits while the client sends a message, and comes when it has ended its input', async () => {
    const call = await failing(framed(Buffer.alloc(1_000)).subarray(0, 500));
    server.clock.advance(4_900);
    await roundTrip();
    expect(call.outcome()).toBeUndefined();
    await write(call.stream, Buffer.alloc(505));
    call.stream.end();
    expect(await call.ended).toMatchObject(REFUSED);
  });

  it.each([
    ['three seconds after a whole message, since the client may wait for an answer', Buffer.alloc(0), 3_000],
    ['three seconds after the last message', framed(Buffer.alloc(30_000)), 3_000],
    ['five seconds after the client has stopped within a message', framed(Buffer.alloc(9)).subarray(0, 7), 5_000],
  ])('comes %s', async (_when, more, afterMs) => {
    const call = await failing(more);
    server.clock.advance(afterMs - 1);
    await roundTrip();
    expect(call.outcome()).toBeUndefined();
    server.clock.advance(1);
    expect(await call.ended).toMatchObject(REFUSED);
  });

  it('comes after 30 seconds at the latest, however the client goes on sending', async () => {
    const call = await failing(Buffer.alloc(0));
    for (let ms = 0; ms < 29_000; ms += 2_900) {
      await write(call.stream, framed(Buffer.alloc(10)));
      await roundTrip();
      expect(call.outcome()).toBeUndefined();
      server.clock.advance(2_900);
    }
    server.clock.advance(1_000);
    expect(await call.ended).toMatchObject(REFUSED);
  });

  it('comes at once when the client has ended its input before', async () => {
    const call = begin();
    call.stream.end(Buffer.concat([UNREADABLE, framed(Buffer.alloc(10))]));
    expect(await call.ended).toMatchObject(REFUSED);
  });

  it('comes at once to any other client, which hears it whatever it is sending', async () => {
    const call = begin(STREAM, 'grpc-node-js/1.14.7');
    await write(call.stream, UNREADABLE);
    expect(await call.ended).toMatchObject(REFUSED);
  });

  it('comes at once for a call of one message', async () => {
    const call = begin('/clip.v1.Clip/Encode');
    call.stream.end(UNREADABLE);
    expect(await call.ended).toMatchObject(REFUSED);
  });
});

describe('what a client sends to a stream that has failed', () => {
  it('holds nothing of the room for messages, and waits for none', async () => {
    const large = framed(Buffer.alloc(900_000));
    const calls: RawGrpcCall[] = [];
    for (let at = 0; at < 8; at++) {
      const call = begin();
      calls.push(call);
      await write(call.stream, UNREADABLE);
      await expect.poll(() => server.outcomes.length).toBe(at + 1);
      await write(call.stream, large.subarray(0, 800_000));
    }
    for (const call of calls) {
      await write(call.stream, large.subarray(800_000));
      call.stream.end();
      expect(await call.ended).toMatchObject(REFUSED);
    }
  });

  it('is given up where the message before it waits for room', async () => {
    const large = framed(Buffer.alloc(900_000));
    const others = Array.from({ length: 4 }, () => begin('/clip.v1.Clip/Encode'));
    for (const { stream } of others) void write(stream, large.subarray(0, 800_000));
    await roundTrip();
    const call = begin();
    await write(call.stream, Buffer.concat([UNREADABLE, large.subarray(0, 1_000)]));
    call.stream.end(large.subarray(1_000));
    expect(await call.ended).toMatchObject(REFUSED);
  });
});

/** The messages `lengths` long as a call carries them. */
function framesOf(...lengths: number[]): Buffer {
  return Buffer.concat(
    lengths.map((length) => {
      const frame = Buffer.alloc(5 + length, 7);
      frame.writeUInt8(0, 0);
      frame.writeUInt32BE(length, 1);
      return frame;
    }),
  );
}

describe('MessageFrames', () => {
  it('stands between messages at the begin and at the end of each, however the bytes fall into chunks', () => {
    const lengths = [0, 1, 300, 0, 0, 2_000];
    const ends = new Set([0]);
    for (let n = 1; n <= lengths.length; n++) ends.add(framesOf(...lengths.slice(0, n)).length);
    const bytes = framesOf(...lengths);
    for (const size of [1, 2, 5, 7, 300]) {
      const frames = new MessageFrames();
      expect(frames.isBetween).toBe(true);
      for (let at = 0; at < bytes.length; at += size) {
        frames.push(bytes.subarray(at, at + size));
        expect(frames.isBetween).toBe(ends.has(Math.min(at + size, bytes.length)));
      }
    }
  });

  it('reads a length of four bytes', () => {
    const frames = new MessageFrames();
    frames.push(Buffer.from([1, 0xff, 0xff, 0xff, 0xff]));
    frames.push(Buffer.alloc(1000));
    expect(frames.isBetween).toBe(false);
  });
});

import { connect } from 'node:http2';
import {
  credentials,
  makeGenericClientConstructor,
  Server,
  ServerCredentials,
  status,
  type Client,
  type ClientDuplexStream,
  type ServerDuplexStream,
  type ServiceDefinition,
  type StatusObject,
} from '@grpc/grpc-js';
import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DomainError, ManualClock } from '#core';
import { Activity } from '../request/activity.js';
import { FirstByteTimer } from '../request/first-byte.js';
import type { CallContext } from '../request/call.js';
import { serveStream, type StreamBounds, inOrder } from './serve-stream.js';

const asIs = (bytes: Buffer): Buffer => bytes;
const service = {
  talk: {
    path: '/sample.Sample/talk',
    requestStream: true,
    responseStream: true,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  },
} satisfies ServiceDefinition;

type Talk = ClientDuplexStream<Buffer, Buffer>;
type Answer = (message: Uint8Array, context: CallContext) => Promise<Buffer>;

// The unforeseen failure of a spec is not for the log.
beforeAll(() => Logger.overrideLogger(false));
afterAll(() => Logger.overrideLogger(true));

const open: { server: Server; client: Client; port: number }[] = [];
afterEach(() => {
  for (const { server, client } of open.splice(0)) {
    client.close();
    server.forceShutdown();
  }
});

/** As serveLazily; the answers are made already. */
function serve(answer: Answer, bounds: Partial<StreamBounds> = {}): Promise<(deadline?: Date) => Talk> {
  return serveLazily(async (...given) => {
    const reply = await answer(...given);
    return () => reply;
  }, bounds);
}

/** A real server and client on a free port; gives a way to open streams that `answer` serves. */
async function serveLazily(
  answer: (...given: Parameters<Answer>) => Promise<() => Buffer>,
  bounds: Partial<StreamBounds> = {},
): Promise<(deadline?: Date) => Talk> {
  const server = new Server();
  const unmeasured = { activity: new Activity(new ManualClock()), firstBytes: new FirstByteTimer(new ManualClock()) };
  const all = { inFlightMax: 4, bytesMax: 1_000_000, ...unmeasured, ...bounds };
  server.addService(service, {
    talk: (call: ServerDuplexStream<Uint8Array, Buffer>) => void serveStream(call, all, answer),
  });
  const port = await new Promise<number>((resolve, reject) => {
    const done = (err: Error | null, bound: number): void => (err ? reject(err) : resolve(bound));
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), done);
  });
  const client = new (makeGenericClientConstructor(service, 'Sample'))(
    `127.0.0.1:${port}`,
    credentials.createInsecure(),
  );
  open.push({ server, client, port });
  return (deadline) =>
    client.makeBidiStreamRequest('/sample.Sample/talk', asIs, asIs, deadline === undefined ? {} : { deadline });
}

/** Everything that the stream gives until it has ended, and how it ended. */
async function heard(talk: Talk): Promise<{ answers: string[]; code: number; details: string }> {
  const answers: string[] = [];
  talk.on('data', (data: Buffer) => answers.push(data.toString()));
  talk.on('error', () => undefined); // the status tells the same
  const read = new Promise<void>((resolve) => talk.on('end', resolve).on('error', () => resolve()));
  const status = new Promise<StatusObject>((resolve) => talk.on('status', resolve));
  await read;
  const { code, details } = await status;
  return { answers, code, details };
}

const aborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)));

describe('serveStream', () => {
  it('reads no further when the answers to what was read will be large', async () => {
    const answered = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    let count = 0;
    const answer: Answer = async (message, { noteItems }) => {
      noteItems?.(10_000);
      if (++count === 2) begun.resolve();
      await answered.promise;
      return Buffer.from(message);
    };
    const talk = (await serve(answer, { inFlightMax: 100, bytesMax: 500_000 }))();
    for (let at = 0; at < 20; at++) talk.write(Buffer.from('a'));
    await begun.promise;
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(count).toBe(2);
    answered.resolve();
    talk.end();
    expect((await heard(talk)).answers).toHaveLength(20);
  });

  it('answers each message as it finishes and ends well once the client has ended', async () => {
    const slow = Promise.withResolvers<void>();
    const talk = (
      await serve(async (message) => {
        const word = Buffer.from(message).toString();
        if (word === 'slow') await slow.promise;
        return Buffer.from(word);
      })
    )();
    talk.once('data', () => slow.resolve());
    const end = heard(talk);
    talk.write(Buffer.from('slow'));
    talk.write(Buffer.from('quick'));
    talk.end();
    expect(await end).toMatchObject({ answers: ['quick', 'slow'], code: status.OK });
  });

  it('works on no more messages at a time than its bound', async () => {
    let running = 0;
    let most = 0;
    const talk = (
      await serve(
        async (message) => {
          most = Math.max(most, (running += 1));
          await new Promise((resolve) => setImmediate(resolve));
          running -= 1;
          return Buffer.from(message);
        },
        { inFlightMax: 2 },
      )
    )();
    const end = heard(talk);
    for (let count = 0; count < 20; count++) talk.write(Buffer.of(count));
    talk.end();
    expect((await end).answers).toHaveLength(20);
    expect(most).toBe(2);
  });

  it('ends the stream with the status of a failed message and ends the work on the others', async () => {
    const contexts: CallContext[] = [];
    const talk = (
      await serve((message, context) => {
        contexts.push(context);
        if (message[0] === 1) return new Promise(() => undefined);
        return Promise.reject(new DomainError('model_unknown', 'No such model: “”.'));
      })
    )();
    const end = heard(talk);
    talk.write(Buffer.of(1));
    talk.write(Buffer.of(2));
    expect(await end).toEqual({ answers: [], code: status.INVALID_ARGUMENT, details: 'No such model: “”.' });
    expect(contexts[0]?.signal.reason).toMatchObject({ code: 'model_unknown' });
  });

  it('keeps the reason of an unforeseen failure to itself', async () => {
    const talk = (await serve(() => Promise.reject(new Error('open /etc/secret'))))();
    const end = heard(talk);
    talk.write(Buffer.of(1));
    const { code, details } = await end;
    expect(code).toBe(status.INTERNAL);
    expect(details).not.toContain('secret');
  });

  it('tells the work that the client has cancelled', async () => {
    const reason = Promise.withResolvers<unknown>();
    const talk = (
      await serve((_message, { signal }) => {
        void aborted(signal).then(reason.resolve);
        talk.cancel();
        return new Promise(() => undefined);
      })
    )();
    const end = heard(talk);
    talk.write(Buffer.of(1));
    expect((await end).code).toBe(status.CANCELLED);
    expect(await reason.promise).toMatchObject({ code: 'cancelled' });
  });

  it('stops working for a client that does not read, and goes on when it does', async () => {
    let asked = 0;
    const chunk = Buffer.alloc(1_000_000, 1);
    await serve(() => Promise.resolve(((asked += 1), chunk)), { inFlightMax: 2 });
    const count = 100;
    const { askedFirst, answers } = await readAfterStall(count, chunk.length, () => asked);
    expect(askedFirst).toBeLessThan(6);
    expect(answers).toBe(count);
  });

  it('does not even make answers while a mebibyte of them waits', async () => {
    let made = 0;
    const chunk = Buffer.alloc(700_000, 1);
    await serveLazily(() => Promise.resolve(() => ((made += 1), chunk)), { inFlightMax: 8 });
    const { askedFirst, answers } = await readAfterStall(30, chunk.length, () => made);
    expect(askedFirst).toBeLessThan(4);
    expect({ answers, made }).toEqual({ answers: 30, made: 30 });
  });
});

/**
 * Sends `count` messages and reads nothing until the server asks for no more; then reads all. grpc-js's own client
 * takes everything, whether anybody reads it or not, so this one speaks HTTP/2.
 */
async function readAfterStall(
  count: number,
  answerBytes: number,
  asked: () => number,
): Promise<{ askedFirst: number; answers: number }> {
  const session = connect(`http://127.0.0.1:${open.at(-1)?.port}`);
  const headers = { 'content-type': 'application/grpc', te: 'trailers' };
  const talk = session.request({ ':method': 'POST', ':path': '/sample.Sample/talk', ...headers });
  for (let index = 0; index < count; index++) talk.write(Buffer.of(0, 0, 0, 0, 1, index));
  talk.end();
  let askedFirst = -1;
  while (asked() === 0 || asked() !== askedFirst) {
    askedFirst = asked();
    for (let turn = 0; turn < 500; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
  let bytes = 0;
  for await (const chunk of talk) bytes += (chunk as Buffer).length;
  session.destroy();
  return { askedFirst, answers: bytes / (5 + answerBytes) };
}

/** Work that ends when its `resolve` or `reject` is called, in the order of the calls. */
function heldWork() {
  const held: PromiseWithResolvers<string>[] = [];
  const ended: string[] = [];
  const work = inOrder(() => {
    const own = Promise.withResolvers<string>();
    held.push(own);
    return own.promise;
  });
  const call = (): void => {
    void work().then(
      (word) => ended.push(word),
      (err: Error) => ended.push(err.message),
    );
  };
  return { held, ended, call };
}

const turns = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('inOrder', () => {
  it('begins every call at once and ends them in the order in which they were made', async () => {
    const { held, ended, call } = heldWork();
    for (let count = 0; count < 3; count++) call();
    expect(held).toHaveLength(3);
    held[2]?.resolve('third');
    held[1]?.resolve('second');
    await turns();
    expect(ended).toEqual([]);
    held[0]?.resolve('first');
    await turns();
    expect(ended).toEqual(['first', 'second', 'third']);
  });

  it('tells a failure in its turn and goes on after it', async () => {
    const { held, ended, call } = heldWork();
    for (let count = 0; count < 3; count++) call();
    held[1]?.reject(new Error('second failed'));
    held[2]?.resolve('third');
    await turns();
    expect(ended).toEqual([]);
    held[0]?.resolve('first');
    await turns();
    expect(ended).toEqual(['first', 'second failed', 'third']);
  });
});

import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnyClient, failure, grpcClient, streamFailure } from '../e2e/support/grpc-clients.js';
import { type RunningServer, startServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';

// What a caller may not do, or not do so often, is refused before objects are made of its message. Each message here
// holds a part that cannot be read, which nobody hears of who is refused for another reason first.

const ENCODE = '/clip.v1.Clip/Encode';
const ENCODE_STREAM = '/clip.v1.Clip/EncodeStream';
const RANK = '/clip.v1.Clip/Rank';
const CALL = '/jina.JinaRPC/Call';
const SINGLE = '/jina.JinaSingleDataRequestRPC/process_single_data';

/** Message field `number` around `content`; lengths up to 2 MiB. */
function field(number: number, content: Buffer): Buffer {
  const size = content.length;
  const length = [(size & 127) | 128, ((size >> 7) & 127) | 128, size >> 14];
  return Buffer.concat([Buffer.of((number << 3) | 2, ...length), content]);
}
const fields = (number: number, contents: readonly Buffer[]) =>
  Buffer.concat(contents.map((content) => field(number, content)));

/** Wire type 7, which protobuf does not have. */
const unreadable = Buffer.of(0x7f);
const model = (name: string) => field(2, Buffer.from(name));
/** Three of what the third field repeats in both requests of clip.v1, the last not to be read. */
const items = fields(3, [field(1, Buffer.from('a')), field(1, Buffer.from('b')), unreadable]);
const document = (text: string) => field(4, Buffer.from(text));
const header = (endpoint: string) => field(1, field(3, Buffer.from(endpoint)));
/** A request of documents, the last not to be read; so large that it carries something to compute. */
const documents = (endpoint: string, more = 0) =>
  Buffer.concat([
    header(endpoint),
    field(4, field(1, fields(1, [document('x'.repeat(20_000)), ...Array(more).fill(document('y')), unreadable]))),
  ]);

let desk: TokenDesk;
let server: RunningServer;
let client: AnyClient;
beforeAll(async () => {
  desk = await TokenDesk.open();
  server = await startServer({
    env: { ...desk.env, CAS_AUTH: 'required', CAS_REQUEST_ITEMS_MAX: '4', CAS_REQUEST_BYTES_MAX: '256KiB' },
  });
  client = grpcClient('clip.v1.Clip', server.target);
});
afterAll(async () => {
  client?.close();
  await server?.stop();
  await desk?.[Symbol.asyncDispose]();
});

const bytes = (message: Buffer): Buffer => message;
const bearer = (token?: string): Metadata => {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
  return metadata;
};

/** How `message` is refused at `path`; without a message, how the call is refused before it has sent any. */
function refusal(path: string, token: string | undefined, message?: Buffer): Promise<ServiceError> {
  const isStream = path === CALL || path === ENCODE_STREAM;
  if (isStream) {
    const stream = client.makeBidiStreamRequest(path, bytes, bytes, bearer(token));
    if (message) stream.write(message);
    return streamFailure(stream as never);
  }
  return failure(
    new Promise((resolve, reject) => {
      const settle = (err: ServiceError | null): void => (err ? reject(err) : resolve(undefined));
      client.makeUnaryRequest(path, bytes, bytes, message ?? Buffer.alloc(0), bearer(token), settle);
    }),
  );
}

const told = ({ code, details, metadata }: ServiceError) => ({ code, details, word: metadata.get('error-code')[0] });
const denied = (part: string) => ({
  code: status.PERMISSION_DENIED,
  details: expect.stringContaining(part),
  word: 'permission_denied',
});

describe('a token that may only read models', () => {
  let token: string;
  beforeAll(async () => {
    ({ token } = await desk.create({ scopes: ['models:read'] }));
  });

  it.each([
    [ENCODE, 'encode'],
    [ENCODE_STREAM, 'encode'],
    [RANK, 'rank'],
  ])('is refused at %s for want of the scope, whatever it sends', async (path, scope) => {
    expect(told(await refusal(path, token, unreadable))).toEqual(denied(`scope ${scope}`));
    if (path === ENCODE_STREAM) expect(told(await refusal(path, token))).toEqual(denied(`scope ${scope}`));
  });

  it.each([CALL, SINGLE])('is refused at %s, unless the message is too small to carry anything', async (path) => {
    expect(told(await refusal(path, token, documents('/encode')))).toEqual(denied('scope encode'));
    const small = Buffer.concat([header('/'), unreadable]);
    expect((await refusal(path, token, small)).code).toBe(status.INVALID_ARGUMENT);
  });
});

describe('a token of another kind', () => {
  it('is refused for want of the scope of the endpoint before documents are read', async () => {
    const { token } = await desk.create({ scopes: ['rank'] });
    expect(told(await refusal(CALL, token, documents('/encode')))).toEqual(denied('scope encode'));
    expect((await refusal(CALL, token, documents('/rank'))).code).toBe(status.INVALID_ARGUMENT);
  });

  it('is refused for the model before items or documents are read', async () => {
    const { token } = await desk.create({ models: ['another'] });
    for (const path of [ENCODE, RANK]) {
      const message = Buffer.concat([path === RANK ? field(1, Buffer.from('mini-clip')) : model('mini-clip'), items]);
      expect(told(await refusal(path, token, message))).toEqual(denied('mini-clip'));
    }
    expect(told(await refusal(CALL, token, documents('/encode/mini-clip')))).toEqual(denied('mini-clip'));
  });
});

describe('a message of more items than a request may have', () => {
  let token: string;
  beforeAll(async () => {
    ({ token } = await desk.create());
  });

  it.each([
    [ENCODE, Buffer.concat([items, fields(3, [Buffer.alloc(0), Buffer.alloc(0)])])],
    [RANK, Buffer.concat([items, field(3, Buffer.alloc(0))])],
    [CALL, documents('/encode', 3)],
    [SINGLE, documents('/encode', 3)],
  ])('is refused at %s before any is read, with the number and the limit', async (path, message) => {
    expect(told(await refusal(path, token, message))).toEqual({
      code: status.RESOURCE_EXHAUSTED,
      details: expect.stringContaining('has 5 items; at most 4 are allowed'),
      word: 'request_too_large',
    });
  });
});

describe('a message that is none', () => {
  let token: string;
  beforeAll(async () => {
    ({ token } = await desk.create());
  });

  it.each([
    [ENCODE, unreadable, 'Send clip.v1.EncodeRequest'],
    [ENCODE, items, 'in items[2]'],
    [ENCODE_STREAM, unreadable, 'Send clip.v1.EncodeRequest'],
    [RANK, unreadable, 'Send clip.v1.RankRequest'],
    [CALL, unreadable, 'Send jina.DataRequestProto'],
    [SINGLE, documents('/encode'), 'in data.docs.docs[1]'],
    [ENCODE, field(3, field(1, Buffer.from('caf\xe9', 'latin1'))), 'items[0].text is not valid UTF-8: its byte 3'],
    [RANK, field(1, Buffer.from('\xe9', 'latin1')), 'model is not valid UTF-8'],
    [
      CALL,
      field(4, field(1, field(1, field(9, Buffer.from('caf\xe9', 'latin1'))))),
      'data.docs.docs[0].uri is not valid UTF-8: its byte 3',
    ],
  ])('ends %s with INVALID_ARGUMENT, our word for it and what is wrong', async (path, message, part) => {
    const refused = await refusal(path, token, message);
    expect(told(refused)).toEqual({
      code: status.INVALID_ARGUMENT,
      details: expect.stringContaining(part),
      word: 'invalid_argument',
    });
  });

  it('is answered under its id on a stream whose other messages go on', async () => {
    const stream = client.makeBidiStreamRequest(ENCODE_STREAM, bytes, bytes, bearer(token));
    const answers: string[] = [];
    stream.on('data', (answer: Buffer) => answers.push(answer.toString('latin1')));
    const ended = new Promise((resolve, reject) => stream.on('end', resolve).on('error', reject));
    stream.write(Buffer.concat([field(1, Buffer.from('broken')), items]));
    stream.write(Buffer.concat([field(1, Buffer.from('whole')), field(3, field(1, Buffer.from('a cat')))]));
    stream.end();
    await ended;
    expect(answers).toHaveLength(2);
    expect(answers.find((answer) => answer.includes('broken'))).toContain('invalid_argument');
    expect(answers.find((answer) => answer.includes('whole'))).toContain('mini-clip');
  });
});

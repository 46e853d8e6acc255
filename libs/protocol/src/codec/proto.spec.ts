import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Document } from '#core';
import { decodeDataRequest, encodeDataResponse } from './index.js';

const receivedAtMs = 1_795_480_272_424.212;
let root: protobuf.Root;

/** An encoder that shares nothing with ours. */
function encode(typeName: string, message: object): Uint8Array {
  const type = root.lookupType(typeName);
  return type.encode(type.fromObject(message)).finish();
}

/** A message field around bytes that are encoded already. */
function field(number: number, ...contents: Uint8Array[]): Uint8Array {
  return protobuf.Writer.create()
    .uint32((number << 3) | 2)
    .bytes(Buffer.concat(contents))
    .finish();
}

function requestWith(...documents: Uint8Array[]): Uint8Array {
  return field(4, field(1, ...documents.map((document) => field(1, document))));
}

function decodeOne(document: Uint8Array): Document {
  return decodeDataRequest(requestWith(document), receivedAtMs).documents[0] ?? {};
}

/** The bytes of the documents in an answer that carries `request`'s documents. */
function sendAgain(request: Uint8Array): Uint8Array {
  const { documents } = decodeDataRequest(request, receivedAtMs);
  const response = { requestId: '', endpoint: '', parameters: {}, hasParameters: false, routes: [], documents };
  const emptyHeader = field(1, field(3), field(4));
  const answer = encodeDataResponse(response);
  expect(answer.subarray(0, emptyHeader.length)).toEqual(Buffer.from(emptyHeader));
  return answer.subarray(emptyHeader.length);
}

const unknownFields = Buffer.from(
  protobuf.Writer.create()
    .uint32((99 << 3) | 0)
    .uint64(7e15)
    .uint32((100 << 3) | 2)
    .string('later')
    .uint32((101 << 3) | 5)
    .fixed32(9)
    .uint32((102 << 3) | 1)
    .fixed64(9)
    .uint32((103 << 3) | 3)
    .uint32((1 << 3) | 0)
    .uint32(5)
    .uint32((103 << 3) | 4)
    .finish(),
);

const dense = { buffer: Buffer.from(Float32Array.of(0.5, -1).buffer), shape: [1, 2], dtype: '<f4' };
const struct = (text: string): object => ({ fields: { key: { stringValue: text } } });

const fullDocument = {
  id: 'a',
  text: 'héllo 🐈',
  granularity: 1,
  adjacency: 300,
  parent_id: 'p',
  weight: 0.5,
  uri: 'cat.png',
  modality: 'text',
  mime_type: 'text/plain',
  offset: 1.5,
  location: [0.25, -2],
  chunks: [{ id: 'c', blob: Buffer.alloc(70_000, 7), chunks: [{ id: 'cc', text: '' }] }],
  matches: [{ id: 'm', tensor: { dense, cls_name: 'numpy', parameters: struct('p') } }],
  embedding: { sparse: { indices: dense, values: dense, shape: [3, 4] }, cls_name: 'scipy' },
  tags: {
    fields: {
      none: { nullValue: 0 },
      no: { boolValue: false },
      many: { listValue: { values: [{ numberValue: NaN }, { numberValue: -0 }, { listValue: {} }] } },
      deep: { structValue: { fields: { '': { stringValue: '' } } } },
    },
  },
  scores: { one: { value: 0.5, op_name: 'cosine', description: 'd', ref_id: 'r' } },
  evaluations: { two: { op_name: 'x' } },
  _metadata: struct('schema'),
};

beforeAll(async () => {
  root = new protobuf.Root();
  const file = fileURLToPath(new URL('../../../../proto/jina/jina.proto', import.meta.url));
  await root.load(file, { keepCase: true });
});

describe('decodeDataRequest', () => {
  it('reads what the Python client sends', () => {
    const bytes = encode('jina.DataRequestProto', {
      header: { request_id: '46bd', exec_endpoint: '/encode', target_executor: 'clip_o' },
      parameters: { fields: { drop_image_content: { boolValue: true } } },
      data: {
        docs: {
          docs: [
            { id: '2d15', text: 'hello world' },
            { id: '0b83', text: 'a photo of a cat' },
          ],
        },
      },
    });
    expect(decodeDataRequest(bytes, receivedAtMs)).toEqual({
      requestId: '46bd',
      endpoint: '/encode',
      targetExecutor: 'clip_o',
      parameters: { drop_image_content: true },
      hasParameters: true,
      documents: [
        { id: '2d15', text: 'hello world' },
        { id: '0b83', text: 'a photo of a cat' },
      ],
      receivedAtMs,
    });
  });

  it('reads every field of a document', () => {
    const { location, scores, evaluations, tags, matches } = decodeOne(encode('docarray.DocumentProto', fullDocument));
    expect(location).toEqual([0.25, -2]);
    expect(scores?.get('one')).toEqual({ value: 0.5, opName: 'cosine', description: 'd', refId: 'r' });
    expect(evaluations?.get('two')).toEqual({ opName: 'x' });
    expect(tags).toEqual({ none: null, no: false, many: [NaN, -0, []], deep: { '': '' } });
    expect(matches?.[0]?.tensor).toMatchObject({ dense, className: 'numpy', parameters: { key: 'p' } });
  });

  it('copies no blob', () => {
    const bytes = Buffer.from(requestWith(encode('docarray.DocumentProto', { blob: Buffer.from('image') })));
    const blob = decodeDataRequest(bytes, receivedAtMs).documents[0]?.blob;
    expect(blob?.buffer).toBe(bytes.buffer);
  });

  it('takes repeated numbers unpacked too', () => {
    const writer = protobuf.Writer.create();
    writer.uint32((13 << 3) | 5).float(0.5);
    writer.uint32((13 << 3) | 5).float(2);
    expect(decodeOne(writer.finish()).location).toEqual([0.5, 2]);
  });

  it('lets the last of several contents count', () => {
    const text = encode('docarray.DocumentProto', { text: 'x' });
    const blob = encode('docarray.DocumentProto', { blob: Buffer.from('y') });
    expect(decodeOne(Buffer.concat([text, blob]))).toEqual({ blob: Buffer.from('y') });
  });

  it('keeps a struct key that is called __proto__ as data', () => {
    const tags = { fields: Object.fromEntries([['__proto__', { stringValue: 'x' }]]) };
    const read = decodeOne(encode('docarray.DocumentProto', { tags })).tags ?? {};
    expect(Object.keys(read)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  it('reads docs_bytes that hold a DocumentArrayProto and refuses a pickle', () => {
    const array = encode('docarray.DocumentArrayProto', { docs: [{ id: 'b' }] });
    expect(decodeDataRequest(field(4, field(2, array)), receivedAtMs).documents).toEqual([{ id: 'b' }]);
    const pickle = Buffer.from('8004950500000000000000', 'hex');
    expect(() => decodeDataRequest(field(4, field(2, pickle)), receivedAtMs)).toThrow('Python pickle');
    expect(() => decodeDataRequest(field(4, field(2, unknownFields)), receivedAtMs)).toThrow('DocumentArrayProto');
  });
});

describe('decodeDataRequest of bytes that are no request', () => {
  const invalid = expect.objectContaining({ code: 'invalid_argument' }) as Error;

  it('refuses a message that is cut anywhere, or gives fewer documents, but never crashes', () => {
    const whole = requestWith(encode('docarray.DocumentProto', { ...fullDocument, chunks: [] }));
    for (let length = 1; length < whole.length; length += 1) {
      expect(() => decodeDataRequest(whole.subarray(0, length), receivedAtMs)).toThrow(invalid);
    }
  });

  it.each([
    ['a field number of 0', Buffer.from([0x02, 0x00])],
    ['a wire type that does not exist', Buffer.from([0x0f])],
    ['a varint without end', Buffer.alloc(12, 0xff)],
    ['a group that ends wrongly', Buffer.from([0x2b, 0x34])],
    ['groups nested without end', Buffer.alloc(1000, 0x2b)],
    ['a string that is not UTF-8', field(1, field(1, Buffer.from([0xff, 0xfe])))],
    ['a nested message that is longer than what holds it', Buffer.from([0x0a, 0x02, 0x0a, 0x7f, 0, 0, 0, 0])],
    ['text', Buffer.from('GET / HTTP/1.1')],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeDataRequest(bytes, receivedAtMs)).toThrow(invalid);
  });

  it('refuses documents and structs that are nested too deep', () => {
    let chunks: Uint8Array = Buffer.alloc(0);
    let list: Uint8Array = Buffer.alloc(0);
    for (let depth = 0; depth < 200; depth += 1) {
      chunks = field(14, chunks);
      list = field(6, field(1, list));
    }
    expect(() => decodeDataRequest(requestWith(chunks), receivedAtMs)).toThrow('nested deeper than 100');
    expect(() => decodeDataRequest(field(2, field(1, field(2, list))), receivedAtMs)).toThrow('nested too deep');
  });

  it('refuses more documents, or axes, than a message may have', () => {
    const documents = Buffer.alloc(300_000, Buffer.from([0x0a, 0x00]));
    expect(() => decodeDataRequest(field(4, field(1, documents)), receivedAtMs)).toThrow('Send smaller batches');
    const shape = field(16, field(1, field(2, Buffer.alloc(65, 1))));
    expect(() => decodeDataRequest(requestWith(shape), receivedAtMs)).toThrow('more than 64 axes');
  });

  it('accepts U+FFFD that was really sent', () => {
    expect(decodeOne(encode('docarray.DocumentProto', { text: '\uFFFD' })).text).toBe('\uFFFD');
  });
});

describe('a document that is sent back', () => {
  it('is the same bytes with every field set', () => {
    const request = requestWith(encode('docarray.DocumentProto', fullDocument));
    expect(sendAgain(request)).toEqual(Buffer.from(request));
  });

  it('is the same bytes with fields that no one knows, in document, array and score', () => {
    const text = encode('docarray.DocumentProto', { id: 'a', text: 'x', chunks: [] });
    const chunk = field(14, encode('docarray.DocumentProto', { id: 'c' }), unknownFields);
    const embedding = field(16, encode('docarray.NdArrayProto', { dense, cls_name: 'numpy' }), unknownFields);
    const score = field(2, encode('docarray.NamedScoreProto', { value: 0.5 }), unknownFields);
    const request = requestWith(
      Buffer.concat([text, chunk, embedding, field(18, field(1, Buffer.from('s')), score), unknownFields]),
    );
    expect(sendAgain(request)).toEqual(Buffer.from(request));
  });

  it('keeps unknown fields that stand between known ones', () => {
    const id = encode('docarray.DocumentProto', { id: 'a' });
    const unknown = Buffer.from([0xf8, 0x07, 0x01]);
    const mixed = requestWith(Buffer.concat([unknown, id, unknown, unknown, id, unknown]));
    const sorted = requestWith(Buffer.concat([id, unknown, unknown, unknown, unknown]));
    expect(sendAgain(mixed)).toEqual(Buffer.from(sorted));
  });

  it('keeps a known field of an unforeseen wire type', () => {
    const request = requestWith(Buffer.concat([encode('docarray.DocumentProto', { id: 'a' }), Buffer.of(0x10, 0x01)]));
    expect(sendAgain(request)).toEqual(Buffer.from(request));
  });
});

describe('encodeDataResponse', () => {
  const routes = [
    { executor: 'gateway', startTimeMs: receivedAtMs, endTimeMs: receivedAtMs + 379.383 },
    { executor: 'clip', startTimeMs: receivedAtMs + 0.285, endTimeMs: receivedAtMs + 379.188 },
  ];
  const response = {
    requestId: '46bd',
    endpoint: '/encode',
    parameters: {},
    hasParameters: true,
    routes,
    documents: [],
  };

  it('is what the Python gateway sends', () => {
    expect(encodeDataResponse(response)).toEqual(
      Buffer.from(
        encode('jina.DataRequestProto', {
          header: { request_id: '46bd', exec_endpoint: '/encode', target_executor: '' },
          parameters: {},
          routes: [
            {
              executor: 'gateway',
              start_time: { seconds: 1_795_480_272, nanos: 424_212_000 },
              end_time: { seconds: 1_795_480_272, nanos: 803_595_000 },
            },
            {
              executor: 'clip',
              start_time: { seconds: 1_795_480_272, nanos: 424_497_000 },
              end_time: { seconds: 1_795_480_272, nanos: 803_400_000 },
            },
          ],
          data: { docs: {} },
        }),
      ),
    );
  });

  it('tells a failure in the header and in the route', () => {
    const exception = { name: 'ValueError', args: ['bad'], stacks: [], executor: 'CLIPEncoder' };
    const status = { code: 'ERROR' as const, description: "ValueError('bad')", exception };
    const [gateway, clip] = routes;
    const failed = { ...response, status, routes: gateway && clip ? [gateway, { ...clip, status }] : [] };
    const type = root.lookupType('jina.DataRequestProto');
    const decoded = type.toObject(type.decode(encodeDataResponse(failed)), { enums: String });
    expect(decoded['header']).toMatchObject({ status: { code: 'ERROR', description: "ValueError('bad')" } });
    expect(decoded['routes'][1].status.exception).toEqual({
      name: 'ValueError',
      args: ['bad'],
      executor: 'CLIPEncoder',
    });
    expect(decoded['routes'][0].status).toBeUndefined();
  });
});

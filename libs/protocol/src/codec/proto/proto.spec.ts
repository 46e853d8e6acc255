import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import type { Document } from '#core';
import {
  decodeDataRequest,
  decodeMessage,
  dense,
  encodeMessage as encode,
  fullDocument,
  messageField as field,
  requestWith,
  struct,
} from '../../testing/proto-messages.js';
import { encodeDataResponse, readDataRequest } from '../index.js';

const receivedAtMs = 1_795_480_272_424.212;
async function decodeOne(document: Uint8Array): Promise<Document> {
  const { documents } = await decodeDataRequest(requestWith(document), receivedAtMs);
  return documents[0] ?? {};
}

/** The bytes of the documents in an answer that carries `request`'s documents. */
async function sendAgain(request: Uint8Array): Promise<Uint8Array> {
  const { documents } = await decodeDataRequest(request, receivedAtMs);
  const response = { requestId: '', endpoint: '', parameters: {}, hasParameters: false, routes: [], documents };
  const emptyHeader = field(1, field(3), field(4));
  const answer = await encodeDataResponse(response);
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

describe('decodeDataRequest', () => {
  it('reads what the Python client sends', async () => {
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
    expect(await decodeDataRequest(bytes, receivedAtMs)).toEqual({
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

  it('reads the fields of a document that matter here, and makes no objects of what it only carries', async () => {
    const document = await decodeOne(encode('docarray.DocumentProto', fullDocument));
    expect(document.scores?.get('one')).toEqual({ value: 0.5, opName: 'cosine', description: 'd', refId: 'r' });
    expect(document.matches?.[0]?.tensor).toMatchObject({ dense, className: 'numpy' });
    expect(document).toMatchObject({ weight: 0.5, granularity: 1, adjacency: 300, mimeType: 'text/plain' });
    expect(Object.keys(document.carried ?? {})).toEqual(['location', 'tags', 'evaluations', 'metadata']);
    expect(document).not.toHaveProperty('tags');
  });

  it('reads parameters with values of every kind', async () => {
    const { parameters, hasParameters } = await readDataRequest(
      encode('jina.DataRequestProto', { parameters: fullDocument.tags }),
      receivedAtMs,
    );
    expect(hasParameters).toBe(true);
    expect(parameters).toEqual({ none: null, no: false, many: [NaN, -0, []], deep: { '': '' } });
  });

  it('copies no blob', async () => {
    const bytes = Buffer.from(requestWith(encode('docarray.DocumentProto', { blob: Buffer.from('image') })));
    const { documents } = await decodeDataRequest(bytes, receivedAtMs);
    expect(documents[0]?.blob?.buffer).toBe(bytes.buffer);
  });

  it('lets the last of several contents count', async () => {
    const text = encode('docarray.DocumentProto', { text: 'x' });
    const blob = encode('docarray.DocumentProto', { blob: Buffer.from('y') });
    expect(await decodeOne(Buffer.concat([text, blob]))).toEqual({ blob: Buffer.from('y') });
  });

  it('keeps a struct key that is called __proto__ as data', async () => {
    const parameters = { fields: Object.fromEntries([['__proto__', { stringValue: 'x' }]]) };
    const read = await readDataRequest(encode('jina.DataRequestProto', { parameters }), receivedAtMs);
    expect(Object.keys(read.parameters)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(read.parameters)).toBe(Object.prototype);
  });

  it('reads docs_bytes that hold a DocumentArrayProto and refuses a pickle', async () => {
    const array = encode('docarray.DocumentArrayProto', { docs: [{ id: 'b' }] });
    expect((await decodeDataRequest(field(4, field(2, array)), receivedAtMs)).documents).toEqual([{ id: 'b' }]);
    const pickle = Buffer.from('8004950500000000000000', 'hex');
    await expect(decodeDataRequest(field(4, field(2, pickle)), receivedAtMs)).rejects.toThrow('Python pickle');
    await expect(decodeDataRequest(field(4, field(2, unknownFields)), receivedAtMs)).rejects.toThrow(
      'DocumentArrayProto',
    );
  });
});

describe('a document that is sent back', () => {
  it('is the same bytes with every field set', async () => {
    const request = requestWith(encode('docarray.DocumentProto', fullDocument));
    expect(await sendAgain(request)).toEqual(Buffer.from(request));
  });

  it('is the same bytes with fields that no one knows, in document, array and score', async () => {
    const text = encode('docarray.DocumentProto', { id: 'a', text: 'x', chunks: [] });
    const chunk = field(14, encode('docarray.DocumentProto', { id: 'c' }), unknownFields);
    const embedding = field(16, encode('docarray.NdArrayProto', { dense, cls_name: 'numpy' }), unknownFields);
    const score = field(2, encode('docarray.NamedScoreProto', { value: 0.5 }), unknownFields);
    const request = requestWith(
      Buffer.concat([text, chunk, embedding, field(18, field(1, Buffer.from('s')), score), unknownFields]),
    );
    expect(await sendAgain(request)).toEqual(Buffer.from(request));
  });

  it('keeps carried fields that come in parts, and numbers that are not packed', async () => {
    const part = (text: string) => encode('docarray.DocumentProto', { id: 'a', tags: struct(text) });
    const rest = (text: string) => part(text).subarray(3);
    const numbers = Buffer.from([0x6d, 0, 0, 0, 0x3f, 0x6d, 0, 0, 0, 0x40]);
    const sent = requestWith(Buffer.concat([part('one'), numbers, rest('two'), rest('three')]));
    const sorted = requestWith(
      Buffer.concat([part('one').subarray(0, 3), numbers, ...['one', 'two', 'three'].map(rest)]),
    );
    expect(await sendAgain(sent)).toEqual(Buffer.from(sorted));
  });

  it('keeps unknown fields that stand between known ones', async () => {
    const id = encode('docarray.DocumentProto', { id: 'a' });
    const unknown = Buffer.from([0xf8, 0x07, 0x01]);
    const mixed = requestWith(Buffer.concat([unknown, id, unknown, unknown, id, unknown]));
    const sorted = requestWith(Buffer.concat([id, unknown, unknown, unknown, unknown]));
    expect(await sendAgain(mixed)).toEqual(Buffer.from(sorted));
  });

  it('keeps a known field of an unforeseen wire type', async () => {
    const request = requestWith(Buffer.concat([encode('docarray.DocumentProto', { id: 'a' }), Buffer.of(0x10, 0x01)]));
    expect(await sendAgain(request)).toEqual(Buffer.from(request));
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

  it('is what the Python gateway sends', async () => {
    expect(await encodeDataResponse(response)).toEqual(
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

  it('tells a failure in the header and in the route', async () => {
    const exception = { name: 'ValueError', args: ['bad'], stacks: [], executor: 'CLIPEncoder' };
    const status = { code: 'ERROR' as const, description: "ValueError('bad')", exception };
    const [gateway, clip] = routes;
    const failed = { ...response, status, routes: gateway && clip ? [gateway, { ...clip, status }] : [] };
    const decoded = decodeMessage('jina.DataRequestProto', await encodeDataResponse(failed));
    expect(decoded['header']).toMatchObject({ status: { code: 'ERROR', description: "ValueError('bad')" } });
    const told = { name: 'ValueError', args: ['bad'], executor: 'CLIPEncoder' };
    expect(decoded['routes']).toEqual([
      expect.not.objectContaining({ status: expect.anything() }),
      expect.objectContaining({ status: expect.objectContaining({ exception: told }) }),
    ]);
  });
});

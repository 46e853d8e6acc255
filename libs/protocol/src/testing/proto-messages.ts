import { join } from 'node:path';
import protobuf from 'protobufjs';
import { installationFolder } from '#core';
import type { DocumentRequest } from '#serving';
import { readDataRequest } from '../codec/index.js';

const file = join(installationFolder(), 'proto/jina/jina.proto');
const root = new protobuf.Root().loadSync(file, { keepCase: true });

/** For specs: a message of jina's or docarray's, by an encoder that shares nothing with ours. */
export function encodeMessage(typeName: string, message: object): Uint8Array {
  const type = root.lookupType(typeName);
  return type.encode(type.fromObject(message)).finish();
}

/** For specs: a message of jina's or docarray's as an object, by a decoder that shares nothing with ours. */
export function decodeMessage(typeName: string, bytes: Uint8Array): Record<string, unknown> {
  const type = root.lookupType(typeName);
  return type.toObject(type.decode(bytes), { enums: String });
}

/** For specs: a message field around bytes that are encoded already. */
export function messageField(number: number, ...contents: Uint8Array[]): Uint8Array {
  return protobuf.Writer.create()
    .uint32((number << 3) | 2)
    .bytes(Buffer.concat(contents))
    .finish();
}

/** For specs: a `jina.DataRequestProto` of documents that are encoded already. */
export function requestWith(...documents: Uint8Array[]): Uint8Array {
  return messageField(4, messageField(1, ...documents.map((document) => messageField(1, document))));
}

/** For specs: a whole request, its documents made. */
export async function decodeDataRequest(bytes: Uint8Array, receivedAtMs: number): Promise<DocumentRequest> {
  const { count, byteLength, open, ...head } = await readDataRequest(bytes, receivedAtMs);
  const documents = await open();
  if (count !== documents.length || byteLength !== bytes.length) throw new Error('the request was counted wrongly');
  return { ...head, documents };
}

/** For specs: an array of two float32. */
export const dense = { buffer: Buffer.from(Float32Array.of(0.5, -1).buffer), shape: [1, 2], dtype: '<f4' };

/** For specs: a `google.protobuf.Struct` of one text. */
export const struct = (text: string): object => ({ fields: { key: { stringValue: text } } });

/** For specs: a `docarray.DocumentProto` with every field set. */
export const fullDocument = {
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

import { DomainError } from '#core';
import type { DocumentRequest } from '#serving';
import { DOCUMENTS_MAX } from './codec-limits.js';
import { decodeDocumentArray, type DocumentBudget } from './proto-document-decoder.js';
import { decodeStruct } from './proto-struct.js';
import { fieldTag, undecodable, WireReader, WireType } from './wire-reader.js';

const first = fieldTag(1, WireType.bytes);
const second = fieldTag(2, WireType.bytes);
const third = fieldTag(3, WireType.bytes);
const fourth = fieldTag(4, WireType.bytes);

/** A Python pickle of protocol 2 and later begins with this byte; no DocumentArrayProto does. */
const pickleMark = 0x80;

/**
 * `jina.DataRequestProto` as a request. Buffers of the documents are views of `bytes`, which must not change
 * afterwards. `receivedAtMs` is milliseconds since 1970. Throws `invalid_argument` for what cannot be decoded and
 * `request_too_large` beyond DOCUMENTS_MAX.
 */
export function decodeDataRequest(bytes: Uint8Array, receivedAtMs: number): DocumentRequest {
  const request: DocumentRequest = {
    requestId: '',
    endpoint: '',
    parameters: {},
    hasParameters: false,
    documents: [],
    receivedAtMs,
  };
  const budget = { left: DOCUMENTS_MAX };
  const reader = WireReader.of(bytes);
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === first) decodeHeader(reader.message(), request);
    else if (tag === second) decodeParameters(reader.message(), request);
    else if (tag === fourth) decodeContent(reader.message(), request, budget);
    else reader.skip(tag);
  }
  return request;
}

function decodeHeader(reader: WireReader, request: DocumentRequest): void {
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === first) request.requestId = reader.string();
    else if (tag === third) request.endpoint = reader.string();
    else if (tag === fourth) request.targetExecutor = reader.string();
    else reader.skip(tag);
  }
}

function decodeParameters(reader: WireReader, request: DocumentRequest): void {
  request.hasParameters = true;
  decodeStruct(reader, request.parameters);
}

function decodeContent(reader: WireReader, request: DocumentRequest, budget: DocumentBudget): void {
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === first) {
      const array = reader.message();
      decodeDocumentArray(array, request.documents, budget, (other) => array.skip(other));
    } else if (tag === second) decodeDocsBytes(reader.bytes(), request, budget);
    else reader.skip(tag);
  }
}

/** `docs_bytes` may hold anything that Python can load; of that only protobuf is safe to read. */
function decodeDocsBytes(bytes: Buffer, request: DocumentRequest, budget: DocumentBudget): void {
  if (bytes[0] === pickleMark) {
    throw new DomainError(
      'invalid_argument',
      'data.docs_bytes holds a Python pickle, which is never loaded here. Send data.docs instead.',
    );
  }
  decodeDocumentArray(WireReader.of(bytes), request.documents, budget, () => {
    throw undecodable('data.docs_bytes is no docarray.DocumentArrayProto');
  });
}

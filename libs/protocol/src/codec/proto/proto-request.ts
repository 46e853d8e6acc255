import { type Document, DomainError, turns } from '#core';
import type { DocumentRequest } from '#serving';
import { DOCUMENTS_MAX, PARAMETER_VALUES_MAX, PART_FIELDS_MAX, TEXT_BYTES_MAX } from '../codec-limits.js';
import { decodeDocument, DocumentBudget, tooMany } from './proto-document-decoder.js';
import { decodeStruct, type ValueBudget } from './proto-struct.js';
import type { SealedRequest } from '../sealed-request.js';
import { fieldTag, WireReader, WireType } from './wire-reader.js';

const first = fieldTag(1, WireType.bytes);
const second = fieldTag(2, WireType.bytes);
const third = fieldTag(3, WireType.bytes);
const fourth = fieldTag(4, WireType.bytes);

/** A Python pickle of protocol 2 and later begins with this byte; no DocumentArrayProto does. */
const pickleMark = 0x80;

/**
 * Reads a `jina.DataRequestProto` but for its documents, so that who asks for what can be checked before objects are
 * made of them; in turns of the event loop. `receivedAtMs` is milliseconds since 1970. Rejects as SealedRequest.open.
 */
export async function readDataRequest(bytes: Uint8Array, receivedAtMs: number): Promise<SealedRequest> {
  const head = { requestId: '', endpoint: '', parameters: {}, hasParameters: false, receivedAtMs };
  const arrays = new DocumentArrays();
  const parameters: ValueBudget = {
    left: PARAMETER_VALUES_MAX,
    refusal: () => tooMany(PARAMETER_VALUES_MAX, 'values in parameters'),
  };
  const reader = WireReader.of(bytes, 'jina.DataRequestProto');
  while (!reader.done) {
    if (reader.isTurnOver) await turns.next();
    const tag = reader.tag();
    if (tag === first) await decodeHeader(reader.message('header'), head);
    else if (tag === second) {
      head.hasParameters = true;
      decodeStruct(smallStruct(reader), head.parameters, parameters);
    } else if (tag === fourth) await arrays.find(reader.message('data'));
    else reader.skip(tag);
  }
  return { ...head, count: arrays.count, byteLength: bytes.length, open: () => arrays.decode() };
}

/** The parameters are built in one go, so they are small. */
function smallStruct(reader: WireReader): WireReader {
  const parameters = reader.boundMessage('parameters', PART_FIELDS_MAX);
  if (parameters.byteLength <= TEXT_BYTES_MAX) return parameters;
  const text = `parameters holds more than ${TEXT_BYTES_MAX} bytes. Send less.`;
  throw new DomainError('request_too_large', text);
}

type Head = Omit<DocumentRequest, 'documents'>;

async function decodeHeader(reader: WireReader, head: Head): Promise<void> {
  while (!reader.done) {
    if (reader.isTurnOver) await turns.next();
    const tag = reader.tag();
    if (tag === first) head.requestId = reader.string('request_id');
    else if (tag === third) head.endpoint = reader.string('exec_endpoint');
    else if (tag === fourth) head.targetExecutor = reader.string('target_executor');
    else reader.skip(tag);
  }
}

/** The `docarray.DocumentArrayProto`s of a message; protobuf joins what is sent in parts. */
class DocumentArrays {
  private readonly readers: WireReader[] = [];
  private documents = 0;

  get count(): number {
    return this.documents;
  }

  /** Looks through the content of `data`. */
  async find(reader: WireReader): Promise<void> {
    while (!reader.done) {
      if (reader.isTurnOver) await turns.next();
      const tag = reader.tag();
      if (tag === first) await this.add(reader.message('docs'), (array, other) => array.skip(other));
      else if (tag === second) await this.add(docsBytes(reader), refuseOther);
      else reader.skip(tag);
    }
  }

  async decode(): Promise<Document[]> {
    const documents: Document[] = [];
    const budget = new DocumentBudget();
    for (const reader of this.readers) {
      while (!reader.done) {
        if (turns.isOver) await turns.next();
        const tag = reader.tag();
        if (tag === first) documents.push(await decodeDocument(reader, documents.length, budget));
        else reader.skip(tag);
      }
    }
    return documents;
  }

  /** Counts the documents of an array without looking into them. */
  private async add(array: WireReader, onOther: (array: WireReader, tag: number) => void): Promise<void> {
    this.readers.push(array.fromHere());
    while (!array.done) {
      if (array.isTurnOver) await turns.next();
      const tag = array.tag();
      if (tag !== first) {
        onOther(array, tag);
        continue;
      }
      array.skip(tag);
      if (++this.documents > DOCUMENTS_MAX) throw tooMany(DOCUMENTS_MAX, 'documents');
    }
  }
}

/** `docs_bytes` may hold anything that Python can load; of that only protobuf is safe to read. */
function docsBytes(reader: WireReader): WireReader {
  const array = reader.message('docs_bytes');
  if (array.nextByte !== pickleMark) return array;
  throw new DomainError(
    'invalid_argument',
    'data.docs_bytes holds a Python pickle, which is never loaded here. Send data.docs instead.',
  );
}

function refuseOther(array: WireReader): never {
  throw array.undecodable('data.docs_bytes is not a docarray.DocumentArrayProto');
}

import { DomainError, type Document, type NamedScore } from '#core';
import { DOCUMENTS_MAX, NESTING_MAX } from './codec-limits.js';
import { decodeNdArray } from './proto-ndarray.js';
import { decodeStruct } from './proto-struct.js';
import { UnknownFields } from './unknown-fields.js';
import { fieldTag, undecodable, WireType, type WireReader } from './wire-reader.js';

const { varint, bytes, fixed32 } = WireType;
const docsTag = fieldTag(1, bytes);
const locationPackedTag = fieldTag(13, bytes);
const locationTag = fieldTag(13, fixed32);
const mapKeyTag = fieldTag(1, bytes);
const mapValueTag = fieldTag(2, bytes);

/** How many documents the whole message may still have. */
export interface DocumentBudget {
  left: number;
}

interface Scope {
  readonly depth: number;
  readonly budget: DocumentBudget;
}

type FieldDecoder = (document: Document, reader: WireReader, scope: Scope) => void;

/** docarray.proto, DocumentProto, field by field. */
const fieldDecoders = new Map<number, FieldDecoder>([
  [fieldTag(1, bytes), (document, reader) => (document.id = reader.string())],
  [fieldTag(2, bytes), (document, reader) => (clearContent(document).blob = reader.bytes())],
  [fieldTag(3, bytes), (document, reader) => (clearContent(document).tensor = decodeNdArray(reader.message()))],
  [fieldTag(4, bytes), (document, reader) => (clearContent(document).text = reader.string())],
  [fieldTag(5, varint), (document, reader) => (document.granularity = reader.varint())],
  [fieldTag(6, varint), (document, reader) => (document.adjacency = reader.varint())],
  [fieldTag(7, bytes), (document, reader) => (document.parentId = reader.string())],
  [fieldTag(8, fixed32), (document, reader) => (document.weight = reader.float())],
  [fieldTag(9, bytes), (document, reader) => (document.uri = reader.string())],
  [fieldTag(10, bytes), (document, reader) => (document.modality = reader.string())],
  [fieldTag(11, bytes), (document, reader) => (document.mimeType = reader.string())],
  [fieldTag(12, fixed32), (document, reader) => (document.offset = reader.float())],
  [locationPackedTag, (document, reader) => decodeLocation(document, reader.message())],
  [locationTag, (document, reader) => (document.location ??= []).push(reader.float())],
  [fieldTag(14, bytes), (document, reader, scope) => (document.chunks ??= []).push(decodeNested(reader, scope))],
  [fieldTag(15, bytes), (document, reader, scope) => (document.matches ??= []).push(decodeNested(reader, scope))],
  [fieldTag(16, bytes), (document, reader) => (document.embedding = decodeNdArray(reader.message()))],
  [fieldTag(17, bytes), (document, reader) => (document.tags = decodeStruct(reader.message(), document.tags))],
  [fieldTag(18, bytes), (document, reader) => decodeScore(reader.message(), (document.scores ??= new Map()))],
  [fieldTag(19, bytes), (document, reader) => decodeScore(reader.message(), (document.evaluations ??= new Map()))],
  [fieldTag(20, bytes), (document, reader) => (document.metadata = decodeStruct(reader.message(), document.metadata))],
]);

/**
 * Adds the documents of a `docarray.DocumentArrayProto` to `into`; any other field is left to `onOther`. Throws
 * `request_too_large` when `budget` is used up.
 */
export function decodeDocumentArray(
  reader: WireReader,
  into: Document[],
  budget: DocumentBudget,
  onOther: (tag: number) => void,
): void {
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === docsTag) into.push(decodeDocument(reader.message(), { depth: 0, budget }));
    else onOther(tag);
  }
}

function decodeNested(reader: WireReader, { depth, budget }: Scope): Document {
  return decodeDocument(reader.message(), { depth: depth + 1, budget });
}

function decodeDocument(reader: WireReader, scope: Scope): Document {
  if (scope.depth > NESTING_MAX) throw undecodable(`documents are nested deeper than ${NESTING_MAX}`);
  scope.budget.left -= 1;
  if (scope.budget.left < 0) {
    throw new DomainError('request_too_large', `A request may carry ${DOCUMENTS_MAX} documents. Send smaller batches.`);
  }
  const document: Document = {};
  const unknown = new UnknownFields();
  while (!reader.done) {
    const start = reader.offset;
    const tag = reader.tag();
    const decodeField = fieldDecoders.get(tag);
    if (decodeField) decodeField(document, reader, scope);
    else unknown.keep(reader, tag, start);
  }
  const rest = unknown.bytes();
  if (rest) document.unknown = { protobuf: rest };
  return document;
}

/** text, blob and tensor are one `oneof`: the last one on the wire counts. */
function clearContent(document: Document): Document {
  delete document.text;
  delete document.blob;
  delete document.tensor;
  return document;
}

function decodeLocation(document: Document, reader: WireReader): void {
  document.location ??= [];
  while (!reader.done) document.location.push(reader.float());
}

function decodeScore(reader: WireReader, into: Map<string, NamedScore>): void {
  let key = '';
  let score: NamedScore = {};
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === mapKeyTag) key = reader.string();
    else if (tag === mapValueTag) score = decodeNamedScore(reader.message());
    else reader.skip(tag);
  }
  into.set(key, score);
}

function decodeNamedScore(reader: WireReader): NamedScore {
  const score: NamedScore = {};
  const unknown = new UnknownFields();
  while (!reader.done) {
    const start = reader.offset;
    const tag = reader.tag();
    if (tag === fieldTag(1, fixed32)) score.value = reader.float();
    else if (tag === fieldTag(2, bytes)) score.opName = reader.string();
    else if (tag === fieldTag(3, bytes)) score.description = reader.string();
    else if (tag === fieldTag(4, bytes)) score.refId = reader.string();
    else unknown.keep(reader, tag, start);
  }
  const rest = unknown.bytes();
  if (rest) score.unknown = rest;
  return score;
}

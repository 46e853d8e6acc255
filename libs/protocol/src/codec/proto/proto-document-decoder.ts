import { DomainError, type Document, type NamedScore, turns } from '#core';
import { CarriedFields, UnknownFields } from './carried-fields.js';
import { DOCUMENTS_MAX, NESTING_MAX, PART_FIELDS_MAX, SCORES_MAX } from '../codec-limits.js';
import { decodeNdArray } from './proto-ndarray.js';
import { fieldTag, WireType, type WireReader } from './wire-reader.js';

const { varint, bytes, fixed32 } = WireType;
const mapKeyTag = fieldTag(1, bytes);
const mapValueTag = fieldTag(2, bytes);

/** What the whole message may still have. */
export class DocumentBudget {
  private documentsLeft = DOCUMENTS_MAX;
  private scoresLeft = SCORES_MAX;

  /** Throws `request_too_large` when that was one document too many. */
  countDocument(): void {
    if (--this.documentsLeft < 0) throw tooMany(DOCUMENTS_MAX, 'documents, chunks and matches');
  }

  /** Throws `request_too_large` when that was one score too many. */
  countScore(): void {
    if (--this.scoresLeft < 0) throw tooMany(SCORES_MAX, 'scores');
  }
}

/** The refusal of a request with more of something than a message may hold. */
export function tooMany(most: number, what: string): DomainError {
  return new DomainError(
    'request_too_large',
    `The request has more than ${most} ${what}. Split it into several requests.`,
  );
}

interface Scope {
  readonly depth: number;
  readonly budget: DocumentBudget;
}

type FieldDecoder = (document: Document, reader: WireReader, scope: Scope) => unknown;

/** docarray.proto, DocumentProto, field by field. */
const fieldDecoders = new Map<number, FieldDecoder>([
  [fieldTag(1, bytes), (document, reader) => (document.id = reader.string('id'))],
  [fieldTag(2, bytes), (document, reader) => (clearContent(document).blob = reader.bytes())],
  [
    fieldTag(3, bytes),
    (document, reader) =>
      (clearContent(document).tensor = decodeNdArray(reader.boundMessage('tensor', PART_FIELDS_MAX))),
  ],
  [fieldTag(4, bytes), (document, reader) => (clearContent(document).text = reader.string('text'))],
  [fieldTag(5, varint), (document, reader) => (document.granularity = reader.varint())],
  [fieldTag(6, varint), (document, reader) => (document.adjacency = reader.varint())],
  [fieldTag(7, bytes), (document, reader) => (document.parentId = reader.string('parent_id'))],
  [fieldTag(8, fixed32), (document, reader) => (document.weight = reader.float())],
  [fieldTag(9, bytes), (document, reader) => (document.uri = reader.address('uri'))],
  [fieldTag(10, bytes), (document, reader) => (document.modality = reader.string('modality'))],
  [fieldTag(11, bytes), (document, reader) => (document.mimeType = reader.string('mime_type'))],
  [fieldTag(12, fixed32), (document, reader) => (document.offset = reader.float())],
  [
    fieldTag(16, bytes),
    (document, reader) => (document.embedding = decodeNdArray(reader.boundMessage('embedding', PART_FIELDS_MAX))),
  ],
  [fieldTag(18, bytes), (document, reader, scope) => decodeScore(reader, (document.scores ??= new Map()), scope)],
]);

/** The fields that hold documents, which are read in turns of the event loop as this one is. */
const nestedNames = new Map<number, 'chunks' | 'matches'>([
  [fieldTag(14, bytes), 'chunks'],
  [fieldTag(15, bytes), 'matches'],
]);

/**
 * The next document: number `index` of its array. Read in turns of the event loop; nothing else may read of the message
 * meanwhile. Rejects with `request_too_large` when `budget` is used up.
 */
export function decodeDocument(reader: WireReader, index: number, budget: DocumentBudget): Promise<Document> {
  return readDocument(reader.message('docs', index), { depth: 0, budget });
}

async function readDocument(reader: WireReader, scope: Scope): Promise<Document> {
  if (scope.depth > NESTING_MAX) throw reader.undecodable(`documents are nested deeper than ${NESTING_MAX}`);
  scope.budget.countDocument();
  const document: Document = {};
  const unknown = new UnknownFields();
  const carried = new CarriedFields();
  while (!reader.done) {
    if (reader.isTurnOver) await turns.next();
    const start = reader.offset;
    const tag = reader.tag();
    const nested = nestedNames.get(tag);
    const decodeField = fieldDecoders.get(tag);
    if (nested) {
      const siblings = (document[nested] ??= []);
      const within = { depth: scope.depth + 1, budget: scope.budget };
      siblings.push(await readDocument(reader.message(nested, siblings.length), within));
    } else if (decodeField) decodeField(document, reader, scope);
    else if (!carried.collect(reader, tag, start)) unknown.keep(reader, tag, start);
  }
  carried.putInto(document);
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

function decodeScore(from: WireReader, into: Map<string, NamedScore>, { budget }: Scope): void {
  budget.countScore();
  const reader = from.boundMessage('scores', PART_FIELDS_MAX);
  let key = '';
  let score: NamedScore = {};
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === mapKeyTag) key = reader.string('key');
    else if (tag === mapValueTag) score = decodeNamedScore(reader.message('value'));
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
    else if (tag === fieldTag(2, bytes)) score.opName = reader.string('op_name');
    else if (tag === fieldTag(3, bytes)) score.description = reader.string('description');
    else if (tag === fieldTag(4, bytes)) score.refId = reader.string('ref_id');
    else unknown.keep(reader, tag, start);
  }
  const rest = unknown.bytes();
  if (rest) score.unknown = rest;
  return score;
}

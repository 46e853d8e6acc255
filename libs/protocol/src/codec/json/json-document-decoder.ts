import { Base64Decoder, decodeBase64, type Document, DomainError, type NamedScore, turns } from '#core';
import { DOCUMENTS_MAX, NESTING_MAX } from '../codec-limits.js';
import type { JsonCursor } from './json-cursor.js';
import {
  type Loc,
  notAList,
  readJsonObject,
  readList,
  readNumber,
  readRecord,
  readString,
  readUint32,
  RequestShapeError,
} from './json-fields.js';
import { readNumberList } from './json-number-list.js';
import { setOwn } from '../proto/proto-struct.js';

type FieldReader = (document: Document, value: unknown, loc: Loc) => void;

/** The small fields of docarray's PydanticDocument. */
const fieldReaders = new Map<string, FieldReader>([
  ['id', (document, value, loc) => (document.id = readString(value, loc))],
  ['text', (document, value, loc) => (document.text = readString(value, loc))],
  ['mime_type', (document, value, loc) => (document.mimeType = readString(value, loc))],
  ['modality', (document, value, loc) => (document.modality = readString(value, loc))],
  ['tags', (document, value, loc) => (document.tags = readJsonObject(value, loc))],
  ['_metadata', (document, value, loc) => (document.metadata = readJsonObject(value, loc))],
  ['parent_id', (document, value, loc) => (document.parentId = readString(value, loc))],
  ['granularity', (document, value, loc) => (document.granularity = readUint32(value, loc))],
  ['adjacency', (document, value, loc) => (document.adjacency = readUint32(value, loc))],
  ['weight', (document, value, loc) => (document.weight = readNumber(value, loc))],
  ['offset', (document, value, loc) => (document.offset = readNumber(value, loc))],
  ['location', (document, value, loc) => (document.location = readNumbers(value, loc))],
  ['scores', (document, value, loc) => (document.scores = readScores(value, loc))],
  ['evaluations', (document, value, loc) => (document.evaluations = readScores(value, loc))],
]);

/**
 * The list of documents that comes next, each with only the fields that its sender cared for. `loc` is where it stands.
 * Throws RequestShapeError, and `request_too_large` for more than DOCUMENTS_MAX in all.
 */
export function readDocuments(cursor: JsonCursor, loc: Loc): Promise<Document[]> {
  return new DocumentReader(cursor).documents(loc, 0);
}

class DocumentReader {
  private documentsLeft = DOCUMENTS_MAX;

  constructor(private readonly cursor: JsonCursor) {}

  async documents(loc: Loc, depth: number): Promise<Document[]> {
    const { cursor } = this;
    if (depth > NESTING_MAX) {
      const msg = `documents are nested deeper than ${NESTING_MAX}`;
      throw new RequestShapeError({ loc: loc.slice(0, 4), msg, type: 'value_error' });
    }
    if (cursor.kind() !== 'list') throw notAList(loc);
    const documents: Document[] = [];
    for (const index of cursor.elements()) {
      if (turns.isOver) await turns.next();
      documents.push(await this.document([...loc, index], depth));
    }
    return documents;
  }

  /** null counts as unset, of several contents one stays, and a field that no one knows is kept to be sent back. */
  private async document(loc: Loc, depth: number): Promise<Document> {
    const { cursor } = this;
    this.documentsLeft -= 1;
    if (this.documentsLeft < 0) {
      const text = `The request has more than ${DOCUMENTS_MAX} documents. Split it into several requests.`;
      throw new DomainError('request_too_large', text);
    }
    if (cursor.kind() !== 'object') readRecord(cursor.value(loc), loc);
    const document: Document = {};
    for (const name of cursor.fields()) {
      if (cursor.skipNull()) continue;
      const fieldLoc = [...loc, name];
      if (await this.content(document, name, fieldLoc, depth)) continue;
      const value = cursor.value(fieldLoc);
      const readField = fieldReaders.get(name);
      if (readField) {
        readField(document, value, fieldLoc);
        continue;
      }
      document.unknown ??= { json: {} };
      setOwn((document.unknown.json ??= {}), name, value);
    }
    keepOneContent(document);
    return document;
  }

  /** The fields that may be large; whether `name` is one of them. */
  private async content(document: Document, name: string, loc: Loc, depth: number): Promise<boolean> {
    const { cursor } = this;
    if (name === 'blob') document.blob = await readBase64(cursor, loc);
    else if (name === 'uri') document.uri = await readLongString(cursor, loc);
    else if (name === 'tensor') document.tensor = await readNumberList(cursor, loc);
    else if (name === 'embedding') document.embedding = await readNumberList(cursor, loc);
    else if (name === 'chunks') document.chunks = await this.documents(loc, depth + 1);
    else if (name === 'matches') document.matches = await this.documents(loc, depth + 1);
    else return false;
    return true;
  }
}

function readLongString(cursor: JsonCursor, loc: Loc): string | Promise<string> {
  return cursor.kind() === 'string' ? cursor.string(loc) : readString(cursor.value(loc), loc);
}

/**
 * Bytes from base64, standard or URL-safe, padded or not, with or without line breaks. The Python server answers 500
 * to a bad one; a caller is better served by being told which.
 */
async function readBase64(cursor: JsonCursor, loc: Loc): Promise<Buffer> {
  const bytes = await (cursor.kind() === 'string'
    ? decodeNext(cursor, loc)
    : decodeBase64(readString(cursor.value(loc), loc)));
  if (bytes) return bytes;
  throw new RequestShapeError({ loc, msg: 'value is not valid base64', type: 'value_error.base64' });
}

/** Piece by piece, so that the text of a large picture is never there as a whole. */
async function decodeNext(cursor: JsonCursor, loc: Loc): Promise<Buffer | undefined> {
  const span = await cursor.skip(loc);
  const decoder = new Base64Decoder(span.end - span.start);
  for await (const piece of cursor.pieces(span)) if (!decoder.push(piece)) return undefined;
  return decoder.finish();
}

/**
 * Of several contents a tensor stays before a blob, and a blob before a text, as in docarray (`Document.__init__` sets
 * them in that order, and each clears the others). An empty one clears nothing here: docarray would leave such a
 * document without any.
 */
function keepOneContent(document: Document): void {
  if (document.tensor !== undefined) {
    delete document.blob;
    delete document.text;
  } else if (document.blob !== undefined && document.blob.length > 0) delete document.text;
}

function readNumbers(value: unknown, loc: Loc): number[] {
  return readList(value, loc).map((item, index) => readNumber(item, [...loc, index]));
}

function readScores(value: unknown, loc: Loc): Map<string, NamedScore> {
  const entries = Object.entries(readRecord(value, loc));
  return new Map(entries.map(([name, score]) => [name, readScore(score, [...loc, name])]));
}

function readScore(value: unknown, loc: Loc): NamedScore {
  const { value: number, op_name: opName, description, ref_id: refId } = readRecord(value, loc);
  const score: NamedScore = {};
  if (isSet(number)) score.value = readNumber(number, [...loc, 'value']);
  if (isSet(opName)) score.opName = readString(opName, [...loc, 'op_name']);
  if (isSet(description)) score.description = readString(description, [...loc, 'description']);
  if (isSet(refId)) score.refId = readString(refId, [...loc, 'ref_id']);
  return score;
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

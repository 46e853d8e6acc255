import type { Document, NamedScore } from '#core';
import { readArray } from './json-array.js';
import {
  readBase64,
  readJson,
  readJsonObject,
  readList,
  readNumber,
  readRecord,
  readString,
  readUint32,
} from './json-fields.js';
import type { Loc } from './json-fields.js';
import { setOwn } from './proto-struct.js';
import { RequestShapeError } from './request-shape-error.js';
import { NESTING_MAX } from './codec-limits.js';

type FieldReader = (document: Document, value: unknown, loc: Loc, depth: number) => void;

/** docarray's PydanticDocument, field by field. */
const fieldReaders = new Map<string, FieldReader>([
  ['id', (document, value, loc) => (document.id = readString(value, loc))],
  ['text', (document, value, loc) => (document.text = readString(value, loc))],
  ['blob', (document, value, loc) => (document.blob = readBase64(value, loc))],
  ['tensor', (document, value, loc) => (document.tensor = readArray(value, loc))],
  ['embedding', (document, value, loc) => (document.embedding = readArray(value, loc))],
  ['uri', (document, value, loc) => (document.uri = readString(value, loc))],
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
  ['chunks', (document, value, loc, depth) => (document.chunks = readDocuments(value, loc, depth + 1))],
  ['matches', (document, value, loc, depth) => (document.matches = readDocuments(value, loc, depth + 1))],
]);

/** A list of documents, each with only the fields that its sender cared for. Throws RequestShapeError. */
export function readDocuments(value: unknown, loc: Loc, depth = 0): Document[] {
  if (depth > NESTING_MAX) {
    const msg = `documents are nested deeper than ${NESTING_MAX}`;
    throw new RequestShapeError({ loc: loc.slice(0, 4), msg, type: 'value_error' });
  }
  return readList(value, loc).map((item, index) => readDocument(item, [...loc, index], depth));
}

/** null counts as unset, of several contents one stays, and a field that no one knows is kept to be sent back. */
function readDocument(value: unknown, loc: Loc, depth: number): Document {
  const document: Document = {};
  for (const [name, field] of Object.entries(readRecord(value, loc))) {
    if (field === null) continue;
    const fieldLoc = [...loc, name];
    const readField = fieldReaders.get(name);
    if (readField) {
      readField(document, field, fieldLoc, depth);
      continue;
    }
    document.unknown ??= { json: {} };
    setOwn((document.unknown.json ??= {}), name, readJson(field, fieldLoc));
  }
  keepOneContent(document);
  return document;
}

/**
 * Of several contents a tensor stays before a blob, and a blob before a text, as in docarray (`Document.__init__` sets them in that
 * order, and each clears the others). An empty one clears nothing here: docarray would leave such a document without any.
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

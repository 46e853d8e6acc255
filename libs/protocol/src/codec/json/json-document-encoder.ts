import type { Document, JsonObject, JsonValue, NamedScore } from '#core';
import { answeredId } from '../document-id.js';
import { arrayToJson, floatToJson } from './json-array.js';
import { base64Pieces, stringPieces } from './json-pieces.js';

/**
 * Documents as docarray's `to_dict` gives them, in its order: every field present, null when unset but for the id, blob
 * as base64, arrays as nested lists. Fields that came and that no one knows follow at the end. In pieces, none of which
 * is large.
 */
export function* documentsToJson(documents: readonly Document[]): Generator<string, void> {
  yield '[';
  for (const [index, document] of documents.entries()) {
    if (index > 0) yield ',';
    yield* documentToJson(document);
  }
  yield ']';
}

function* documentToJson(document: Document): Generator<string, void> {
  yield (
    `{"id":${JSON.stringify(answeredId(document))},"parent_id":${stringToJson(document.parentId)}` +
    `,"granularity":${document.granularity ?? null},"adjacency":${document.adjacency ?? null},"blob":`
  );
  yield* document.blob ? base64Pieces(document.blob) : UNSET;
  yield ',"tensor":';
  yield* document.tensor ? arrayToJson(document.tensor) : UNSET;
  yield `,"mime_type":${stringToJson(document.mimeType)},"text":`;
  yield* document.text === undefined ? UNSET : stringPieces(document.text);
  yield `,"weight":${numberToJson(document.weight)},"uri":`;
  yield* document.uri === undefined ? UNSET : stringPieces(document.uri);
  yield (
    `,"tags":${document.tags ? valueToJson(document.tags) : null},"offset":${numberToJson(document.offset)}` +
    `,"location":${document.location ? `[${document.location.map(floatToJson).join(',')}]` : null},"embedding":`
  );
  yield* document.embedding ? arrayToJson(document.embedding) : UNSET;
  yield (
    `,"modality":${stringToJson(document.modality)},"evaluations":${scoresToJson(document.evaluations)}` +
    `,"scores":${scoresToJson(document.scores)},"chunks":`
  );
  yield* document.chunks ? documentsToJson(document.chunks) : UNSET;
  yield ',"matches":';
  yield* document.matches ? documentsToJson(document.matches) : UNSET;
  yield `${extraFields(document)}}`;
}

const UNSET = ['null'];
/** JSON text of a value whose numbers are all floats, as they are in `google.protobuf.Struct`. */
export function valueToJson(value: JsonValue): string {
  if (typeof value === 'number') return floatToJson(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(valueToJson).join(',')}]`;
  return `{${entriesToJson(value).join(',')}}`;
}

function entriesToJson(object: JsonObject): string[] {
  return Object.entries(object).map(([key, value]) => `${JSON.stringify(key)}:${valueToJson(value)}`);
}

function extraFields({ metadata, unknown }: Document): string {
  const known = metadata ? `,"_metadata":${valueToJson(metadata)}` : '';
  const entries = Object.entries(unknown?.json ?? {});
  return known + entries.map(([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`).join('');
}

function scoresToJson(scores: ReadonlyMap<string, NamedScore> | undefined): string {
  if (!scores) return 'null';
  const entries = Array.from(scores, ([name, score]) => `${JSON.stringify(name)}:${scoreToJson(score)}`);
  return `{${entries.join(',')}}`;
}

function scoreToJson(score: NamedScore): string {
  return (
    `{"value":${numberToJson(score.value)},"op_name":${stringToJson(score.opName)}` +
    `,"description":${stringToJson(score.description)},"ref_id":${stringToJson(score.refId)}}`
  );
}

function stringToJson(text: string | undefined): string {
  return text === undefined ? 'null' : JSON.stringify(text);
}

function numberToJson(value: number | undefined): string {
  return value === undefined ? 'null' : floatToJson(value);
}

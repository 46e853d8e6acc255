import type { Document, JsonObject, JsonValue, NamedScore } from '#core';
import { answeredId } from './document-id.js';
import { arrayToJson, floatToJson } from './json-array.js';

/**
 * Documents as docarray's `to_dict` gives them, in its order: every field present, null when unset but for the id, blob as base64,
 * arrays as nested lists. Fields that came and that no one knows follow at the end.
 */
export function documentsToJson(documents: readonly Document[]): string {
  return `[${documents.map(documentToJson).join(',')}]`;
}

function documentToJson(document: Document): string {
  return (
    `{"id":${JSON.stringify(answeredId(document))},"parent_id":${stringToJson(document.parentId)}` +
    `,"granularity":${document.granularity ?? null},"adjacency":${document.adjacency ?? null}` +
    `,"blob":${blobToJson(document.blob)},"tensor":${document.tensor ? arrayToJson(document.tensor) : null}` +
    `,"mime_type":${stringToJson(document.mimeType)},"text":${stringToJson(document.text)}` +
    `,"weight":${numberToJson(document.weight)},"uri":${stringToJson(document.uri)}` +
    `,"tags":${document.tags ? valueToJson(document.tags) : null},"offset":${numberToJson(document.offset)}` +
    `,"location":${document.location ? `[${document.location.map(floatToJson).join(',')}]` : null}` +
    `,"embedding":${document.embedding ? arrayToJson(document.embedding) : null}` +
    `,"modality":${stringToJson(document.modality)}` +
    `,"evaluations":${scoresToJson(document.evaluations)},"scores":${scoresToJson(document.scores)}` +
    `,"chunks":${document.chunks ? documentsToJson(document.chunks) : null}` +
    `,"matches":${document.matches ? documentsToJson(document.matches) : null}${extraFields(document)}}`
  );
}

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

/** base64 has nothing to escape. */
function blobToJson(blob: Uint8Array | undefined): string {
  return blob === undefined ? 'null' : `"${toBase64(blob)}"`;
}

/** Standard base64 with padding, without a copy of the bytes. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

import { type Document, type NamedScore, turns } from '#core';
import { answeredId } from '../document-id.js';
import { encodeNdArray } from './proto-ndarray.js';
import { encodeStruct } from './proto-struct.js';
import type { WireWriter } from './wire-writer.js';

/** Each of `documents` as a message field. */
export async function encodeDocuments(
  writer: WireWriter,
  field: number,
  documents: readonly Document[],
): Promise<void> {
  for (const document of documents) {
    if (turns.isOver) await turns.next();
    const start = writer.begin(field);
    await encodeDocument(writer, document);
    writer.end(start);
  }
}

/**
 * Writes the content of a `docarray.DocumentProto`, fields in the order of their numbers and what was unknown last, as
 * Google's encoders do. Of several contents (only JSON can bring more than one) `text` goes, then blob, then tensor.
 * Written in turns of the event loop; nothing else may write meanwhile.
 */
async function encodeDocument(writer: WireWriter, document: Document): Promise<void> {
  const { embedding, tags, metadata, unknown, carried = {} } = document;
  writer.string(1, answeredId(document));
  encodeContent(writer, document);
  encodePlainFields(writer, document);
  if (document.chunks) await encodeDocuments(writer, 14, document.chunks);
  if (document.matches) await encodeDocuments(writer, 15, document.matches);
  if (embedding) writer.message(16, () => encodeNdArray(writer, embedding));
  if (carried.tags) writer.raw(carried.tags);
  else if (tags) writer.message(17, () => encodeStruct(writer, tags));
  encodeScores(writer, 18, document.scores);
  if (carried.evaluations) writer.raw(carried.evaluations);
  else encodeScores(writer, 19, document.evaluations);
  if (carried.metadata) writer.raw(carried.metadata);
  else if (metadata) writer.message(20, () => encodeStruct(writer, metadata));
  if (unknown?.protobuf) writer.raw(unknown.protobuf);
}

function encodeContent(writer: WireWriter, { text, blob, tensor }: Document): void {
  if (text !== undefined && (text !== '' || (!blob && !tensor))) writer.string(4, text);
  else if (blob) writer.bytes(2, blob);
  else if (tensor) writer.message(3, () => encodeNdArray(writer, tensor));
}

/** Numbers and strings of proto3 without `optional`: a zero or an empty string is not sent. */
function encodePlainFields(writer: WireWriter, document: Document): void {
  if (document.granularity) writer.integer(5, document.granularity);
  if (document.adjacency) writer.integer(6, document.adjacency);
  if (document.parentId) writer.string(7, document.parentId);
  if (document.weight) writer.float(8, document.weight);
  if (document.uri) writer.string(9, document.uri);
  if (document.modality) writer.string(10, document.modality);
  if (document.mimeType) writer.string(11, document.mimeType);
  if (document.offset) writer.float(12, document.offset);
  if (document.carried?.location) writer.raw(document.carried.location);
  else if (document.location && document.location.length > 0) writer.packedFloat(13, document.location);
}

function encodeScores(writer: WireWriter, field: number, scores: ReadonlyMap<string, NamedScore> = new Map()): void {
  for (const [name, score] of scores) {
    writer.message(field, () => {
      writer.string(1, name);
      writer.message(2, () => encodeScore(writer, score));
    });
  }
}

function encodeScore(writer: WireWriter, score: NamedScore): void {
  if (score.value) writer.float(1, score.value);
  if (score.opName) writer.string(2, score.opName);
  if (score.description) writer.string(3, score.description);
  if (score.refId) writer.string(4, score.refId);
  if (score.unknown) writer.raw(score.unknown);
}

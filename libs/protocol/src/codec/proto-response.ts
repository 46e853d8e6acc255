import type { Document } from '#core';
import type { DocumentResponse, DocumentRoute, DocumentStatus } from '#serving';
import { encodeDocuments } from './proto-document-encoder.js';
import { encodeStruct } from './proto-struct.js';
import { WireWriter } from './wire-writer.js';

/** Bytes of a document but for its vector and its image; only a hint. */
const documentBytes = 192;

/**
 * A response as `jina.DataRequestProto`, field for field as the Python gateway sends it: a status only on failure, an
 * empty but present `target_executor`, `parameters` only when the caller sent some, `data.docs` always.
 */
export function encodeDataResponse(response: DocumentResponse): Buffer {
  const writer = new WireWriter(512 + response.documents.reduce((sum, document) => sum + expectedBytes(document), 0));
  writer.message(1, () => encodeHeader(writer, response));
  if (response.hasParameters) writer.message(2, () => encodeStruct(writer, response.parameters));
  for (const route of response.routes) writer.message(3, () => encodeRoute(writer, route));
  writer.message(4, () => writer.message(1, () => encodeDocuments(writer, 1, response.documents)));
  return writer.finish();
}

function expectedBytes(document: Document): number {
  return documentBytes + (document.embedding?.dense?.buffer.length ?? 0) + (document.blob?.length ?? 0);
}

function encodeHeader(writer: WireWriter, { requestId, status, endpoint }: DocumentResponse): void {
  if (requestId) writer.string(1, requestId);
  if (status) writer.message(2, () => encodeStatus(writer, status));
  writer.string(3, endpoint);
  writer.string(4, '');
}

function encodeRoute(writer: WireWriter, { executor, startTimeMs, endTimeMs, status }: DocumentRoute): void {
  writer.string(1, executor);
  writer.message(2, () => encodeTimestamp(writer, startTimeMs));
  writer.message(3, () => encodeTimestamp(writer, endTimeMs));
  if (status) writer.message(4, () => encodeStatus(writer, status));
}

/** `google.protobuf.Timestamp`, to the microsecond: a double holds no more of today's milliseconds. */
function encodeTimestamp(writer: WireWriter, timeMs: number): void {
  const micros = Math.round(timeMs * 1000);
  const seconds = Math.floor(micros / 1e6);
  const nanos = (micros - seconds * 1e6) * 1000;
  if (seconds > 0) writer.integer(1, seconds);
  if (nanos > 0) writer.integer(2, nanos);
}

function encodeStatus(writer: WireWriter, { code, description, exception }: DocumentStatus): void {
  if (code === 'ERROR') writer.integer(1, 1);
  if (description) writer.string(2, description);
  if (!exception) return;
  writer.message(3, () => {
    if (exception.name) writer.string(1, exception.name);
    for (const argument of exception.args) writer.string(2, argument);
    for (const line of exception.stacks) writer.string(3, line);
    if (exception.executor) writer.string(4, exception.executor);
  });
}

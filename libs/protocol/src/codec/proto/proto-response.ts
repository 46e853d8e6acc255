import { type Document, turns } from '#core';
import type { DocumentResponse, DocumentRoute, DocumentStatus } from '#serving';
import { encodeDocuments } from './proto-document-encoder.js';
import { encodeStruct } from './proto-struct.js';
import { WireWriter } from './wire-writer.js';

/** Bytes of a document but for what is long in it; only a hint. */
const documentBytes = 192;

/**
 * A response as `jina.DataRequestProto`, field for field as the Python gateway sends it: a status only on failure, an
 * empty but present `target_executor`, `parameters` only when the caller sent some, `data.docs` always. Written in
 * turns of the event loop.
 */
export async function encodeDataResponse(response: DocumentResponse): Promise<Buffer> {
  const writer = await writeDataResponse(response);
  if (turns.isOver) await turns.next();
  return writer.finish();
}

/** As encodeDataResponse, in pieces; long contents are views of what the documents hold. */
export async function encodeDataResponsePieces(response: DocumentResponse): Promise<Buffer[]> {
  return (await writeDataResponse(response)).finishPieces();
}

async function writeDataResponse(response: DocumentResponse): Promise<WireWriter> {
  const writer = new WireWriter(512 + response.documents.reduce((sum, document) => sum + expectedBytes(document), 0));
  writer.message(1, () => encodeHeader(writer, response));
  if (response.hasParameters) writer.message(2, () => encodeStruct(writer, response.parameters));
  for (const route of response.routes) writer.message(3, () => encodeRoute(writer, route));
  const data = writer.begin(4);
  const docs = writer.begin(1);
  await encodeDocuments(writer, 1, response.documents);
  writer.end(docs);
  writer.end(data);
  return writer;
}

function expectedBytes({ embedding, blob, text, tensor, carried }: Document): number {
  const arrays = (embedding?.dense?.buffer.length ?? 0) + (tensor?.dense?.buffer.length ?? 0);
  return documentBytes + arrays + (blob?.length ?? 0) + (text?.length ?? 0) + (carried?.tags?.length ?? 0);
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

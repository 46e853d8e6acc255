import type { DenseArray, Document, NamedScore, NdArray } from '#core';
import type { DocumentResponse } from '#serving';
import { answeredId } from '../document-id.js';
import { snakeRoute, statusToJson } from './json-response.js';
import { valuePieces } from './json-pieces.js';

/**
 * A response for the jina client over HTTP. jina 3.27 and newer lose the documents of the usual object form, since they
 * look for a key `data` in it; given a JSON *string* they, and older ones, parse its content as the proto3 JSON of
 * `DataRequestProto`, provided that the four letters `data` occur nowhere in the string. So they are written with an
 * escape that only the inner parser undoes. Vectors travel as base64 of float32.
 */
export function* encodeHttpJinaResponse(response: DocumentResponse): Generator<string, void> {
  const { requestId, endpoint, status, hasParameters, parameters, routes, documents } = response;
  const envelope = {
    header: {
      request_id: requestId,
      ...(status ? { status: statusToJson(status) } : {}),
      exec_endpoint: endpoint,
      target_executor: '',
    },
    ...(hasParameters ? { parameters } : {}),
    routes: routes.map(snakeRoute),
  };
  yield '"';
  yield* withoutData(messagePieces(envelope, documents));
  yield '"';
}

function* messagePieces(envelope: object, documents: readonly Document[]): Generator<string, void> {
  yield `${JSON.stringify(envelope).slice(0, -1)},"data":{"docs":{"docs":[`;
  for (const [index, document] of documents.entries()) {
    if (index > 0) yield ',';
    yield* valuePieces(documentToProtoJson(document));
  }
  yield ']}}}';
}

/**
 * JSON text that is the content of a JSON string, with the letters `data` nowhere in it.
 *
 * In JSON text they stand inside string literals only, and the `a` that is replaced is never part of an escape: the
 * only escape that ends in `d` is of a control character (`\u001d`), and lone surrogates are refused by the decoders.
 */
function* withoutData(pieces: Iterable<string>): Generator<string, void> {
  let rest = '';
  for (const piece of pieces) {
    const text = (rest + piece).replaceAll('data', 'd\\u0061ta');
    // The beginning of the word may be the end of a piece.
    const kept = Math.max(0, text.length - 3);
    rest = text.slice(kept);
    yield inString(text.slice(0, kept));
  }
  yield inString(rest);
}

function inString(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function documentToProtoJson(document: Document): object {
  return {
    ...plainFields(document),
    ...contentField(document),
    ...(document.location ? { location: document.location.map(float32) } : {}),
    ...(document.chunks ? { chunks: document.chunks.map(documentToProtoJson) } : {}),
    ...(document.matches ? { matches: document.matches.map(documentToProtoJson) } : {}),
    ...(document.embedding ? { embedding: ndArray(document.embedding) } : {}),
    ...(document.tags ? { tags: document.tags } : {}),
    ...(document.scores ? { scores: scores(document.scores) } : {}),
    ...(document.evaluations ? { evaluations: scores(document.evaluations) } : {}),
    ...(document.metadata ? { _metadata: document.metadata } : {}),
  };
}

/** JSON leaves out what is undefined. */
function plainFields(document: Document): object {
  return {
    id: answeredId(document),
    granularity: document.granularity,
    adjacency: document.adjacency,
    parent_id: document.parentId,
    weight: float32(document.weight),
    uri: document.uri,
    modality: document.modality,
    mime_type: document.mimeType,
    offset: float32(document.offset),
  };
}

/** The `oneof` of text, blob and tensor: a parser refuses two of them. */
function contentField({ text, blob, tensor }: Document): object {
  if (text !== undefined && (text !== '' || (!blob && !tensor))) return { text };
  if (blob) return { blob };
  return tensor ? { tensor: ndArray(tensor) } : {};
}

function ndArray({ dense, sparse, className, parameters }: NdArray): object {
  return {
    ...(dense ? { dense: denseArray(dense) } : {}),
    ...(sparse
      ? {
          sparse: {
            ...(sparse.indices ? { indices: denseArray(sparse.indices) } : {}),
            ...(sparse.values ? { values: denseArray(sparse.values) } : {}),
            shape: sparse.shape,
          },
        }
      : {}),
    cls_name: className,
    parameters,
  };
}

function denseArray({ buffer, shape, dtype }: DenseArray): object {
  return { buffer, shape, dtype };
}

function scores(named: ReadonlyMap<string, NamedScore>): object {
  return Object.fromEntries(
    Array.from(named, ([name, score]) => [
      name,
      { value: float32(score.value), op_name: score.opName, description: score.description, ref_id: score.refId },
    ]),
  );
}

/** proto3 JSON writes what is not finite as a word, and refuses what does not fit a float. */
function float32(value: number | undefined): number | string | undefined {
  if (value === undefined) return undefined;
  const rounded = Math.fround(value);
  return Number.isFinite(rounded) ? rounded : String(rounded);
}

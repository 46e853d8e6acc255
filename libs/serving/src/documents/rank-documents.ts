import { rankScores } from '#clip';
import { DomainError, type Document, type ModelInfo, type NdArray, type RequestContext } from '#core';
import type { EncodePort } from '../encode-port.js';
import type { DocumentJob } from './document-job.js';
import { blame, blaming, embeddingOf, hasContent, sourcesOf, vectorsOf } from './document-source.js';
import { locateChildren, locateRoots, type LocatedDocument } from './select-documents.js';

/**
 * Orders the matches of every document by how well they fit it, in place, once all are encoded. Each match gets
 * `clip_score` (softmax of logit scale × cosine over its document's matches) and `clip_score_cosine`; ties keep their
 * order. Matches lose their embedding, documents keep it; images stay. A document that has an
 * embedding and no content is compared by its embedding. Throws `rank_without_matches` and `item_empty` where there is
 * nothing to compare, otherwise as EncodePort does.
 */
export async function rankDocuments(
  { request, target: { model } }: DocumentJob,
  encode: EncodePort,
  ctx: RequestContext,
): Promise<void> {
  const groups = locateRoots(request.documents).map((query) => ({ query, matches: matchesOf(query) }));
  const all = groups.flatMap(({ query, matches }) => [query, ...matches]);
  const { info, vectors } = await vectorsOfAll(all, model, encode, ctx);
  let at = 0;
  for (const { query, matches } of groups) {
    const [queryVector, ...matchVectors] = vectors.slice(at, at + 1 + matches.length);
    at += 1 + matches.length;
    if (queryVector) rank(query.document, queryVector, matchVectors, info.logitScale);
  }
}

async function vectorsOfAll(
  all: readonly LocatedDocument[],
  model: string | undefined,
  encode: EncodePort,
  ctx: RequestContext,
): Promise<{ info: ModelInfo; vectors: Float32Array[] }> {
  const fresh = all.filter(({ document }) => hasContent(document) || !document.embedding);
  const { model: info, results } = await encode.encode(model, await sourcesOf(fresh), ctx);
  const encoded = new Map(vectorsOf(fresh, results).map((vector, index) => [fresh[index], vector]));
  const vectors = all.map((located) => encoded.get(located) ?? vectorGiven(located, info.dimension));
  return { info, vectors };
}

function vectorGiven(located: LocatedDocument, dimension: number): Float32Array {
  return blaming(located, () => givenVector(located.document.embedding ?? {}, dimension));
}

function matchesOf(query: LocatedDocument): LocatedDocument[] {
  const matches = locateChildren(query, 'match');
  if (matches.length > 0) return matches;
  throw blame(query, new DomainError('rank_without_matches', 'It has no matches to rank: put the candidates there.'));
}

function rank(query: Document, vector: Float32Array, candidates: readonly Float32Array[], logitScale: number): void {
  const scored = rankScores(vector, candidates, logitScale);
  const matches = (query.matches ?? []).map((match, index) => ({
    match,
    ...(scored[index] ?? { score: 0, cosine: 0 }),
  }));
  for (const { match, score, cosine } of matches) {
    match.scores = new Map(match.scores)
      .set('clip_score', { value: score, opName: 'softmax' })
      .set('clip_score_cosine', { value: cosine, opName: 'cosine' });
    delete match.embedding;
    if (match.text) match.mimeType = 'text/plain';
  }
  query.matches = matches.sort((a, b) => b.cosine - a.cosine).map(({ match }) => match);
  query.embedding = embeddingOf(vector);
  if (query.text) query.mimeType = 'text/plain';
}

/** numpy's number types. They include integers, since a JSON list of whole numbers arrives as one of those. */
const READERS: Record<string, { size: number; read: (view: DataView, offset: number) => number }> = {
  '<f4': { size: 4, read: (view, offset) => view.getFloat32(offset, true) },
  '<f8': { size: 8, read: (view, offset) => view.getFloat64(offset, true) },
  '|u1': { size: 1, read: (view, offset) => view.getUint8(offset) },
  '|i1': { size: 1, read: (view, offset) => view.getInt8(offset) },
  '<u2': { size: 2, read: (view, offset) => view.getUint16(offset, true) },
  '<i2': { size: 2, read: (view, offset) => view.getInt16(offset, true) },
  '<u4': { size: 4, read: (view, offset) => view.getUint32(offset, true) },
  '<i4': { size: 4, read: (view, offset) => view.getInt32(offset, true) },
  '<u8': { size: 8, read: (view, offset) => Number(view.getBigUint64(offset, true)) },
  '<i8': { size: 8, read: (view, offset) => Number(view.getBigInt64(offset, true)) },
};

/**
 * The vector that a document brought along, for a ranking of what was encoded before. Throws `tensor_invalid` unless
 * it is `dimension` numbers, all finite as float32: one NaN would spoil the scores of every other match.
 */
function givenVector({ dense }: NdArray, dimension: number): Float32Array {
  const reader = dense && READERS[dense.dtype];
  if (!reader || dense.buffer.byteLength !== dimension * reader.size) {
    throw new DomainError(
      'tensor_invalid',
      `Its embedding does not have the ${dimension} dimensions of the model. Send as many numbers, as <f4 or <f8 where the type can be chosen.`,
    );
  }
  const view = new DataView(dense.buffer.buffer, dense.buffer.byteOffset, dense.buffer.byteLength);
  const vector = Float32Array.from({ length: dimension }, (_, at) => reader.read(view, at * reader.size));
  if (vector.every(Number.isFinite)) return vector;
  throw new DomainError('tensor_invalid', 'Its embedding holds NaN or infinite numbers: encode the document again.');
}

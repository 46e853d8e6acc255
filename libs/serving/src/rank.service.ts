import { rankScores } from '#clip';
import { DomainError, ItemError, type ItemResult, type ModelInfo, type RequestContext, type Timing } from '#core';
import type { EncodePort, ItemSource } from './encode-port.js';

export interface RankRequest {
  /** Default model when left out. */
  readonly model?: string | undefined;
  /**
   * What the candidates are held against: a text against images, an image against texts, or either against its like.
   */
  readonly query: ItemSource;
  readonly candidates: readonly ItemSource[];
}

export interface RankedCandidate {
  /** Its place in the request's list. */
  readonly index: number;
  /** Softmax of `logitScale · cosine` over the candidates that could be encoded; these scores sum to 1. */
  readonly score: number;
  /** -1 … 1. */
  readonly cosine: number;
}

export interface RankAnswer {
  readonly model: ModelInfo;
  /** Best first; equals keep the order of the request. */
  readonly results: RankedCandidate[];
  /** The candidates that could not be encoded, in the order of the request. */
  readonly errors: { readonly index: number; readonly error: DomainError }[];
  /** Of the item that took longest in queue and batch: what the answer waited for. */
  readonly timing: Timing;
}

type Encoded = Extract<ItemResult, { ok: true }>;

/** The use case "rank": how well each candidate fits a query. A bad candidate fails alone. */
export class RankService {
  constructor(private readonly parts: { readonly encoder: EncodePort }) {}

  /**
   * Rejects with `rank_without_matches` when there is no candidate, with the query's own error when it cannot be
   * encoded, and as `EncodePort.encode` does.
   */
  async rank(request: RankRequest, ctx: RequestContext): Promise<RankAnswer> {
    if (request.candidates.length === 0) {
      throw new DomainError('rank_without_matches', 'There is nothing to rank: send at least one candidate.');
    }
    const sources = [request.query, ...request.candidates];
    const { model, results: encoded } = await this.parts.encoder.encode(request.model, sources, ctx);
    const [query, ...candidates] = encoded;
    if (!query?.ok) throw queryError(query);
    const { good, errors } = split(candidates);
    const vectors = good.map(({ result }) => result.embedding);
    const results = rankScores(query.embedding, vectors, model.logitScale)
      .flatMap((scored, at) => withIndex(good[at]?.index, scored))
      .sort((a, b) => b.score - a.score || b.cosine - a.cosine || a.index - b.index);
    return { model, results, errors, timing: slowest([query, ...good.map(({ result }) => result)], query.timing) };
  }
}

function split(candidates: readonly ItemResult[]) {
  const good: { index: number; result: Encoded }[] = [];
  const errors: { index: number; error: DomainError }[] = [];
  for (const [index, result] of candidates.entries()) {
    if (result.ok) good.push({ index, result });
    else errors.push({ index, error: result.error });
  }
  return { good, errors };
}

function withIndex(index: number | undefined, scored: { score: number; cosine: number }): RankedCandidate[] {
  return index === undefined ? [] : [{ index, score: scored.score, cosine: scored.cosine }];
}

function queryError(query: ItemResult | undefined): DomainError {
  if (!query || query.ok) return new DomainError('internal', 'The server lost the query of this ranking.');
  return new ItemError(query.error, `The query cannot be ranked against. ${query.error.message}`);
}

function slowest(encoded: readonly Encoded[], start: Timing): Timing {
  return encoded.reduce((worst, { timing }) => (totalMs(timing) > totalMs(worst) ? timing : worst), start);
}

function totalMs({ queueMs, prepareMs, runMs }: Timing): number {
  return queueMs + prepareMs + runMs;
}

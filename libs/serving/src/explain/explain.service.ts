import { rankScores } from '#clip';
import {
  abortError,
  DomainError,
  type EncodeItem,
  ItemError,
  type ItemResult,
  type ModelInfo,
  type RequestContext,
  turns,
} from '#core';
import type { EncodePool, ModelRegistry } from '#inference';
import type { ItemSource } from '../encode-port.js';
import type { ImageFetcher } from '../fetch/image-fetcher.js';
import { type CoverMode, coveredCopies, type Square } from './occlusion.js';

/** Most texts of one explanation: a map of each is looked at by somebody. */
export const EXPLAIN_TEXTS_MAX = 16;

/** Cells a side: fewer tell nothing, more are smaller than what a model tells apart and cost a run each. */
export const EXPLAIN_GRID = { min: 3, max: 14, default: 7 } as const;

export interface ExplainRequest {
  /** Default model when left out. */
  readonly model?: string | undefined;
  readonly image: Exclude<ItemSource, { kind: 'text' }>;
  /** 1 to EXPLAIN_TEXTS_MAX. */
  readonly texts: readonly string[];
  /** Cells a side, within EXPLAIN_GRID. */
  readonly grid: number;
  readonly mode: CoverMode;
}

/** What covering each cell takes from a value: value of the whole image − value with the cell covered. */
export interface DropMap {
  /** Of the whole image. */
  readonly base: number;
  /** `grid` rows of `grid` drops. A cell above 0 speaks for the text, one below 0 against it. */
  readonly drops: readonly (readonly number[])[];
  /** The smallest and the largest drop. */
  readonly range: readonly [least: number, most: number];
}

export interface ExplainedText {
  /** -1 … 1. */
  readonly cosine: DropMap;
  /** The text's share of the softmax of `logitScale · cosine` over all texts. */
  readonly score: DropMap;
}

export interface Explanation {
  readonly model: ModelInfo;
  /** One for each text, in the order of the request. */
  readonly texts: readonly ExplainedText[];
  /** What the model saw of the image. */
  readonly square: Square;
  /** Every item that was encoded, for how long each took. */
  readonly results: readonly ItemResult[];
}

/** How many items an explanation encodes: the image, a masked copy for each cell, and the texts. */
export function explainedItems(grid: number, texts: number): number {
  return 1 + grid ** 2 + texts;
}

export interface ExplainServiceParts {
  readonly registry: Pick<ModelRegistry, 'lease'>;
  readonly fetcher: Pick<ImageFetcher, 'resolve'>;
}

/**
 * The use case "explain": which regions of an image carry its score with a text. Masked copies of what the model sees
 * are encoded, and each is compared with the whole. It is bulk work, since it is many items for one answer:
 * interactive requests go before it.
 */
export class ExplainService {
  constructor(private readonly parts: ExplainServiceParts) {}

  /**
   * Rejects with the error of the image or of a text that cannot be encoded, and as a pool refuses (`queue_full` …).
   * When `ctx.signal` aborts it rejects with `cancelled` or `deadline_exceeded`, and copies that have not reached a
   * replica never do.
   */
  explain(request: ExplainRequest, ctx: RequestContext): Promise<Explanation> {
    return this.parts.registry.lease(request.model, async (pool) => {
      const bulk: RequestContext = { ...ctx, priority: 'bulk' };
      const image = await this.imageItem(request.image, ctx);
      const whole = await encodeWhole(pool, image, request.texts, bulk);
      const square = { data: whole.square, side: pool.info.imageSize };
      const copies = await pool.submit(await itemsOf(square, request), bulk);
      const vectors = copies.map((copy) => vectorOf(copy, 'A masked copy of the image'));
      const texts = await dropMaps(whole, vectors, { grid: request.grid, logitScale: pool.info.logitScale });
      return { model: pool.info, texts, square, results: [...whole.results, ...copies] };
    });
  }

  private async imageItem(source: ExplainRequest['image'], ctx: RequestContext): Promise<EncodeItem> {
    if (source.kind === 'pixels') {
      throw new DomainError('invalid_argument', 'Only images in a file can be explained.');
    }
    const { signal, trace, principal } = ctx;
    if (source.kind === 'image') return wanted(source.bytes);
    try {
      const caller = { signal, principalId: principal.id, ...(trace && { trace }) };
      return wanted(await this.parts.fetcher.resolve(source.uri, caller));
    } catch (thrown) {
      throw signal.aborted ? abortError(signal) : failed(DomainError.from(thrown), 'The image');
    }
  }
}

function wanted(bytes: Uint8Array): EncodeItem {
  if (bytes.byteLength === 0) throw new DomainError('item_empty', 'The image is empty. Send some content.');
  return { kind: 'image', bytes, wantsSquare: true };
}

/** The unmasked image and the texts. */
interface Whole {
  readonly square: Uint8Array;
  readonly image: Float32Array;
  readonly texts: readonly Float32Array[];
  readonly results: readonly ItemResult[];
}

async function encodeWhole(
  pool: EncodePool,
  image: EncodeItem,
  texts: readonly string[],
  ctx: RequestContext,
): Promise<Whole> {
  const empty = texts.indexOf('');
  if (empty >= 0) throw new DomainError('item_empty', `texts[${empty}] is empty. Send some content or leave it out.`);
  const items = [image, ...texts.map((text): EncodeItem => ({ kind: 'text', text }))];
  const results = await pool.submit(items, ctx);
  const [first, ...rest] = results;
  const vector = vectorOf(first, 'The image');
  const square = first?.ok ? first.square : undefined;
  if (!square) throw lost('the replica gave no square');
  return { square, image: vector, texts: rest.map((result, at) => vectorOf(result, `texts[${at}]`)), results };
}

async function itemsOf(square: Square, { grid, mode }: ExplainRequest): Promise<EncodeItem[]> {
  const items: EncodeItem[] = [];
  for (const data of coveredCopies(square, grid, mode)) {
    if (turns.isOver) await turns.next();
    const pixels = { data, width: square.side, height: square.side, channels: 3 } as const;
    items.push({ kind: 'pixels', pixels, isSquare: true });
  }
  return items;
}

async function dropMaps(
  whole: Whole,
  copies: readonly Float32Array[],
  { grid, logitScale }: { grid: number; logitScale: number },
): Promise<ExplainedText[]> {
  const base = rankScores(whole.image, whole.texts, logitScale);
  const masked: (typeof base)[] = [];
  for (const copy of copies) {
    if (turns.isOver) await turns.next();
    masked.push(rankScores(copy, whole.texts, logitScale));
  }
  return base.map((of, text) => ({
    cosine: dropMap(
      of.cosine,
      masked.map((scores) => scores[text]?.cosine ?? NaN),
      grid,
    ),
    score: dropMap(
      of.score,
      masked.map((scores) => scores[text]?.score ?? NaN),
      grid,
    ),
  }));
}

function dropMap(base: number, masked: readonly number[], grid: number): DropMap {
  const drops = masked.map((value) => base - value);
  const rows = Array.from({ length: grid }, (_, row) => drops.slice(row * grid, (row + 1) * grid));
  return { base, drops: rows, range: [Math.min(...drops), Math.max(...drops)] };
}

function vectorOf(result: ItemResult | undefined, what: string): Float32Array {
  if (!result) throw lost('the pool answered with fewer results than items');
  if (result.ok) return result.embedding;
  throw failed(result.error, what);
}

function failed(error: DomainError, what: string): ItemError {
  return new ItemError(error, `${what} cannot be explained. ${error.message}`);
}

function lost(internal: string): DomainError {
  return new DomainError('internal', 'The server lost a part of this explanation.', { internal });
}

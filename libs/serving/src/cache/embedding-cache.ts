import { abortError, type EncodeItem, type ItemResult, type Timing } from '#core';
import type { EncodePool } from '#inference';
import { ContentKeys } from './content-keys.js';
import { RecencyStore } from './recency-store.js';

/** What is counted; `text` or `image`, however the pixels came. */
export type Modality = 'text' | 'image';

/** Told of every item that could be in the cache, and of what the cache holds. */
export interface CacheObserver {
  /** The item got a vector without a run of its own. */
  onCacheHit(model: string, modality: Modality): void;
  /** The item had a run of its own, or shared one that ended in an error. */
  onCacheMiss(model: string, modality: Modality): void;
  onCacheBytes(bytes: number): void;
}

export interface EmbeddingCacheOptions {
  /** Most bytes of vectors, their keys and the bookkeeping. */
  readonly bytesMax: number;
  readonly observer?: CacheObserver;
}

/** An item on its way to its pool. */
export interface CachedItem {
  readonly pool: EncodePool;
  readonly item: EncodeItem;
  /** Its abort ends the wait. */
  readonly signal: AbortSignal;
  /** Whose items may wait for each other's runs: those that stand in the queue alike, of one principal and priority. */
  readonly turn: string;
  /** Has the pool encode the item for this request. Called in the same turn where the item is not known. */
  readonly run: () => Promise<ItemResult>;
}

type Encoded = Extract<ItemResult, { ok: true }>;

/** What comes of a run under way. Undefined = it was called off; ask again. */
type Outcome = Promise<ItemResult | undefined>;

/** An entry beyond vector and key: the objects around them, by measurement with vectors of 512 numbers. */
const entryBytes = 500;

/** What a vector from the cache says of its time: none was spent, in no batch. */
const fromCache: Timing = { queueMs: 0, prepareMs: 0, runMs: 0, batchSize: 0, replica: 'cache' };

/**
 * Vectors that were computed before, by model and exact content, in memory. Errors are never kept. Items of one turn
 * that are the same at the same time share a run; those of another turn do not wait for it, since it may come later than one
 * of their own. Every vector that is handed out is the receiver's own, to change as it likes.
 */
export class EmbeddingCache {
  private readonly keys = new ContentKeys();
  private readonly vectors: RecencyStore<Encoded>;
  private readonly flights = new Map<string, Outcome>();
  private readonly ends = new WeakMap<AbortSignal, Promise<never>>();

  constructor(private readonly options: EmbeddingCacheOptions) {
    this.vectors = new RecencyStore(options.bytesMax);
  }

  /**
   * The item's result: kept, of a run under way, or of `run`. Rejects as `run` does, and with `cancelled` or
   * `deadline_exceeded` once `signal` aborts; requests that share its run then go on with one of their own.
   */
  async encode(cached: CachedItem): Promise<ItemResult> {
    const { pool, item, signal, turn, run } = cached;
    const key = this.keys.of(pool, item);
    if (key === undefined) return run();
    for (;;) {
      if (signal.aborted) throw abortError(signal);
      const kept = this.vectors.get(key);
      if (kept) return this.shared(cached, { ...kept, timing: fromCache });
      const flight = this.flights.get(`${turn} ${key}`);
      if (!flight) return this.miss(cached, key);
      const shared = await Promise.race([flight, this.endOf(signal)]);
      if (shared) return this.shared(cached, shared);
    }
  }

  private shared({ pool, item }: CachedItem, result: ItemResult): ItemResult {
    if (result.ok) this.options.observer?.onCacheHit(pool.info.name, modalityOf(item));
    else this.options.observer?.onCacheMiss(pool.info.name, modalityOf(item));
    return copyOf(result);
  }

  private miss({ pool, item, turn, run }: CachedItem, key: string): Promise<ItemResult> {
    this.options.observer?.onCacheMiss(pool.info.name, modalityOf(item));
    const own = run();
    const flightKey = `${turn} ${key}`;
    const land = (result?: ItemResult) => {
      this.flights.delete(flightKey);
      return result && this.keep(key, copyOf(result));
    };
    this.flights.set(
      flightKey,
      own.then(land, () => land()),
    );
    return own;
  }

  private keep(key: string, result: ItemResult): ItemResult {
    if (!result.ok) return result;
    this.vectors.set(key, result, 2 * key.length + result.embedding.byteLength + entryBytes);
    this.options.observer?.onCacheBytes(this.vectors.bytes);
    return result;
  }

  /** Rejects when the signal aborts; one promise a request, however many of its items wait. */
  private endOf(signal: AbortSignal): Promise<never> {
    const known = this.ends.get(signal);
    if (known) return known;
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => undefined);
    signal.addEventListener('abort', () => reject(abortError(signal)), { once: true });
    this.ends.set(signal, promise);
    return promise;
  }
}

function modalityOf(item: EncodeItem): Modality {
  return item.kind === 'text' ? 'text' : 'image';
}

function copyOf(result: ItemResult): ItemResult {
  return result.ok ? { ...result, embedding: result.embedding.slice() } : result;
}

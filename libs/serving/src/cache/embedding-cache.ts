import { LRUCache } from 'lru-cache';
import {
  abortError,
  type Clock,
  type EncodeItem,
  type ItemResult,
  type RequestTrace,
  systemClock,
  type Timing,
} from '#core';
import type { EncodePool } from '#inference';
import { CacheNotes } from './cache-notes.js';
import { ContentKeys } from './content-keys.js';

/** How items are counted: `text` or `image`, however the pixels came. */
export type Modality = 'text' | 'image';

/** Is notified of every item that could be in the cache, and of what the cache holds. */
export interface CacheObserver {
  /** The item got a vector without a run of its own. */
  onCacheHit(model: string, modality: Modality): void;
  /** The item had a run of its own, or shared one that ended in an error. */
  onCacheMiss(model: string, modality: Modality): void;
  /** What it holds now: vectors, and the bytes of them with their keys and the bookkeeping. */
  onCacheSize(entries: number, bytes: number): void;
}

export interface EmbeddingCacheOptions {
  /** Most bytes of vectors, their keys and the bookkeeping. */
  readonly bytesMax: number;
  readonly observer?: CacheObserver;
  /** For the parts of traces; default the machine's. */
  readonly clock?: Clock;
}

/** The items of a request on their way to a pool. */
export interface CachedCall {
  readonly pool: EncodePool;
  readonly items: readonly EncodeItem[];
  /** Its abort ends the wait. */
  readonly signal: AbortSignal;
  /** Whose items may wait for each other's runs: those that stand in the queue alike, of one principal and priority. */
  readonly turn: string;
  /** Has the pool encode the items that are not known, in one call. Called in the same turn of the event loop. */
  readonly run: (missing: readonly EncodeItem[]) => Promise<ItemResult[]>;
  /** Gets a part `cache` when an item needs no run of its own; left out where nothing is traced. */
  readonly trace?: RequestTrace;
}

/** A call while it goes on. */
interface NotedCall extends CachedCall {
  readonly notes: CacheNotes | undefined;
}

type Encoded = Extract<ItemResult, { ok: true }>;

/** What comes of an item that is being run. Undefined = the run was called off; ask again. */
type Outcome = Promise<ItemResult | undefined>;

/** An item with its place in the call. */
interface Entry {
  readonly at: number;
  readonly item: EncodeItem;
  /** Undefined for what is run each time. */
  readonly key: string | undefined;
}

/** An entry of the cache beyond vector and key: the objects around them, by measurement with vectors of 512 numbers. */
const ENTRY_BYTES = 500;

/** The timing of a vector from the cache: no time was spent, in no batch. */
const FROM_CACHE: Timing = { queueMs: 0, prepareMs: 0, runMs: 0, batchSize: 0, replica: 'cache' };

/**
 * Keeps vectors in memory, by model and exact content. Errors are never kept. Equal items of one turn that are asked
 * for at the same time share a run; items of another turn do not wait for it, since a run of their own may come
 * earlier. Every receiver gets its own copy of a vector and may change it.
 */
export class EmbeddingCache {
  private readonly keys = new ContentKeys();
  /** Sized in bytes; the vector that was used longest ago goes first. */
  private readonly vectors: LRUCache<string, Encoded>;
  /** Items that are being run, by turn and key. */
  private readonly flights = new Map<string, Outcome>();
  private readonly ends = new WeakMap<AbortSignal, Promise<never>>();

  constructor(private readonly options: EmbeddingCacheOptions) {
    this.vectors = new LRUCache({ maxSize: options.bytesMax });
  }

  /**
   * One result per item, in their order: kept, of a run under way, or of `run`. Rejects as `run` does, and with
   * `cancelled` or `deadline_exceeded` once `signal` aborts; requests that share its run then go on with one of their
   * own.
   */
  async encode(call: CachedCall): Promise<ItemResult[]> {
    const { trace, items, pool } = call;
    const notes = trace && new CacheNotes(this.options.clock ?? systemClock);
    const results = new Array<ItemResult>(items.length);
    let left = items.map((item, at): Entry => ({ at, item, key: this.keys.of(pool, item) }));
    try {
      while (left.length > 0) left = await this.lookUp({ ...call, notes }, left, results);
    } finally {
      if (trace) notes?.addTo(trace);
    }
    return results;
  }

  /** Looks each entry up and runs what is missing. Returns those that shared a run which was called off. */
  private async lookUp(call: NotedCall, entries: readonly Entry[], results: ItemResult[]): Promise<Entry[]> {
    if (call.signal.aborted) throw abortError(call.signal);
    const missing: Entry[] = [];
    const work: Promise<Entry[]>[] = [];
    const ran = Promise.withResolvers<ItemResult[]>();
    for (const entry of entries) {
      const kept = entry.key === undefined ? undefined : this.vectors.get(entry.key);
      const flight = entry.key === undefined ? undefined : this.flights.get(flightOf(call, entry));
      if (kept) {
        call.notes?.hit();
        results[entry.at] = this.shared(call, entry, { ...kept, timing: FROM_CACHE });
      } else if (flight) work.push(this.share(call, entry, flight, results));
      else this.noteMissing(call, entry, ran.promise, missing.push(entry) - 1);
    }
    if (missing.length > 0) work.push(this.runMissing(call, missing, ran, results));
    return (await Promise.all(work)).flat();
  }

  private async runMissing(
    call: CachedCall,
    missing: readonly Entry[],
    ran: PromiseWithResolvers<ItemResult[]>,
    results: ItemResult[],
  ): Promise<Entry[]> {
    call.run(missing.map(({ item }) => item)).then(ran.resolve, ran.reject);
    const found = await ran.promise;
    missing.forEach(({ at }, index) => {
      const result = found[index];
      if (result) results[at] = result;
    });
    return [];
  }

  /** Waits for the run of another request; answers with the entry when it was called off. */
  private async share(call: NotedCall, entry: Entry, flight: Outcome, results: ItemResult[]): Promise<Entry[]> {
    call.notes?.share();
    const ended = Promise.race([flight, this.endOf(call.signal)]);
    const result = await ended.finally(() => call.notes?.shareEnded());
    if (!result) return [entry];
    results[entry.at] = this.shared(call, entry, result);
    return [];
  }

  private shared({ pool }: CachedCall, { item }: Entry, result: ItemResult): ItemResult {
    if (result.ok) this.options.observer?.onCacheHit(pool.info.name, modalityOf(item));
    else this.options.observer?.onCacheMiss(pool.info.name, modalityOf(item));
    return copyOf(result);
  }

  /** From now until the run is over, other requests share what comes of this entry. */
  private noteMissing(call: NotedCall, entry: Entry, ran: Promise<ItemResult[]>, index: number): void {
    const { key, item } = entry;
    call.notes?.miss();
    if (key === undefined) return;
    this.options.observer?.onCacheMiss(call.pool.info.name, modalityOf(item));
    const flight = flightOf(call, entry);
    const land = (result?: ItemResult) => {
      this.flights.delete(flight);
      return result && this.keep(key, copyOf(result));
    };
    this.flights.set(
      flight,
      ran.then(
        (found) => land(found[index]),
        () => land(),
      ),
    );
  }

  private keep(key: string, result: ItemResult): ItemResult {
    if (!result.ok) return result;
    const size = 2 * key.length + result.embedding.byteLength + ENTRY_BYTES;
    this.vectors.set(key, result, { size });
    this.options.observer?.onCacheSize(this.vectors.size, this.vectors.calculatedSize);
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

function flightOf({ turn }: CachedCall, { key }: Entry): string {
  return `${turn} ${key}`;
}

function modalityOf(item: EncodeItem): Modality {
  return item.kind === 'text' ? 'text' : 'image';
}

function copyOf(result: ItemResult): ItemResult {
  return result.ok ? { ...result, embedding: result.embedding.slice() } : result;
}

import { LRUCache } from 'lru-cache';
import type { BatchRecord, TraceRecord, TraceSink } from '../tracing/records.js';
import { batchOf, storeBatch, type StoredBatch } from './stored-batch.js';
import { storeTrace, traceKey, traceOf, type StoredTrace, type TraceSummary } from './stored-trace.js';
import { GroupCounts, type GroupQuery, type TraceGroups } from './trace-groups.js';
import { isAskedFor, newestFirst, type TraceQuery, type TraceStore } from './trace-query.js';

/** The share of the bytes that requests have; batches have the rest, since many requests ride in one. */
export const REQUESTS_SHARE = 3 / 4;

export interface RecentTracesOptions {
  /** Most requests that are held, and most batches. */
  readonly countMax: number;
  /** Most memory of all of them together. */
  readonly bytesMax: number;
  /** Hears of each request or batch that was let go, or was too large to be held. */
  readonly onDropped?: () => void;
}

/**
 * The requests that this process finished last, as far as they were kept, and the batches that they rode in. The oldest
 * go first.
 */
export class RecentTraces implements TraceSink, TraceStore {
  private readonly traces: Ring<StoredTrace>;
  private readonly batches: Ring<StoredBatch>;

  constructor({ countMax, bytesMax, onDropped }: RecentTracesOptions) {
    const ring = (share: number): ConstructorParameters<typeof Ring>[0] => ({
      countMax,
      bytesMax: Math.max(1, Math.floor(bytesMax * share)),
      onDropped,
    });
    this.traces = new Ring(ring(REQUESTS_SHARE));
    this.batches = new Ring(ring(1 - REQUESTS_SHARE));
  }

  /** What is held at this moment; bytes as they are estimated. */
  get held(): { readonly requests: number; readonly batches: number; readonly bytes: number } {
    const { traces, batches } = this;
    return { requests: traces.count, batches: batches.count, bytes: traces.bytes + batches.bytes };
  }

  onTrace(record: TraceRecord): void {
    const stored = storeTrace(record);
    this.traces.add(traceKey(stored.summary), stored, stored.detail);
  }

  onBatch(record: BatchRecord): void {
    const stored = storeBatch(record);
    this.batches.add(stored.id, stored, stored.detail);
  }

  search(query: TraceQuery): TraceSummary[] {
    return this.find(query).map(({ summary }) => summary);
  }

  read(query: TraceQuery): TraceRecord[] {
    return this.find(query).map(traceOf);
  }

  count(query: TraceQuery, groups: GroupQuery): TraceGroups {
    const counts = new GroupCounts(groups);
    for (const { summary } of this.traces.values()) {
      if (isAskedFor(summary, { ...query, after: undefined })) counts.add(summary);
    }
    return { groups: counts.all(), countedFromMs: undefined };
  }

  batch(batchId: string): BatchRecord | undefined {
    const stored = this.batches.get(batchId);
    return stored === undefined ? undefined : batchOf(stored);
  }

  /** Looks at all of them, which come with the newest first, but for what began earlier and took longer. */
  private find(query: TraceQuery): StoredTrace[] {
    const found: StoredTrace[] = [];
    for (const trace of this.traces.values()) if (isAskedFor(trace.summary, query)) found.push(trace);
    return found.sort((a, b) => newestFirst(a.summary, b.summary)).slice(0, query.limit);
  }
}

/**
 * Memory of one entry beside its `detail`: the objects, ids and short texts of it, its key, and its place in the cache.
 * Measured on Node 24 with the entries of a real service.
 */
const ENTRY_BYTES = 700;

/** Entries up to a number and a size, the oldest of which go first. */
class Ring<Entry extends object> {
  private readonly entries: LRUCache<string, Entry>;

  constructor(
    private readonly options: {
      readonly countMax: number;
      readonly bytesMax: number;
      readonly onDropped: (() => void) | undefined;
    },
  ) {
    this.entries = new LRUCache({
      max: options.countMax,
      maxSize: options.bytesMax,
      disposeAfter: (_entry, _key, reason) => {
        if (reason === 'evict') options.onDropped?.();
      },
    });
  }

  get count(): number {
    return this.entries.size;
  }

  get bytes(): number {
    return this.entries.calculatedSize;
  }

  add(key: string, entry: Entry, detail: string): void {
    const size = ENTRY_BYTES + bytesOf(detail);
    if (size > this.options.bytesMax) this.options.onDropped?.();
    else this.entries.set(key, entry, { size });
  }

  /** Leaves the order as it is: what is looked at grows no younger. */
  get(key: string): Entry | undefined {
    return this.entries.peek(key);
  }

  values(): Iterable<Entry> {
    return this.entries.values();
  }
}

/** V8 keeps a text in two bytes a character as soon as one of them needs it. */
function bytesOf(text: string): number {
  return /[^\0-\xff]/.test(text) ? 2 * text.length : text.length;
}

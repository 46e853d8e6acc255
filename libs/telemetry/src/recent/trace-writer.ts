import { type Clock, DomainError, every, type Repetition, withDeadline } from '#core';
import type { BatchRecord, TraceRecord, TraceSink } from '../tracing/records.js';
import type { KeptTraces } from './kept-traces.js';
import { storeBatch, type StoredBatch } from './stored-batch.js';
import { storeTrace, type StoredTrace } from './stored-trace.js';

const FLUSH_MS = 500;
/** The end of the process does not wait longer for a slow database. */
const STOP_MS_MAX = 3_000;
/** Records of one transaction: 1 to 2 ms of work, for which everything else in the process waits. */
const RECORDS_PER_WRITE = 20;
/** What may wait for the database: some seconds of a busy service, and no more memory than that. */
const WAITING_MAX = 2_000;
const WAITING_CHARS_MAX = 8 * 1024 * 1024;

export interface TraceWriterOptions {
  readonly store: Pick<KeptTraces, 'write' | 'announce'>;
  readonly clock: Clock;
  /** Hears of each request or batch that is not written: too many wait, or the database refuses it. */
  readonly onDropped?: () => void;
}

type Waiting = { readonly trace: StoredTrace } | { readonly batch: StoredBatch };

/**
 * Writes finished requests and batches to the database, twice a second. Nothing waits for it: while the database is
 * slow or out of reach, what comes after the first 2,000 is let go and counted.
 */
export class TraceWriter implements TraceSink {
  private waiting: Waiting[] = [];
  private waitingChars = 0;
  private regularWork: Repetition | undefined;

  constructor(private readonly options: TraceWriterOptions) {}

  onTrace(record: TraceRecord): void {
    const trace = storeTrace(record);
    this.add({ trace }, trace.detail);
  }

  onBatch(record: BatchRecord): void {
    const batch = storeBatch(record);
    this.add({ batch }, batch.detail);
  }

  /** Begins to write. */
  start(): void {
    this.regularWork ??= every(this.options.clock, FLUSH_MS, () => this.flush());
  }

  /** Writes what waits, if the database takes it within three seconds, and ends. */
  async stop(): Promise<void> {
    await withDeadline(this.options.clock, STOP_MS_MAX, this.finish(), () => undefined);
    this.forget(this.waiting.length, true);
  }

  /** Resolves when the write under way has ended. */
  async settled(): Promise<void> {
    await this.regularWork?.settled();
  }

  private async finish(): Promise<void> {
    await this.regularWork?.stop();
    await this.flush();
  }

  private add(record: Waiting, detail: string): void {
    if (this.waiting.length >= WAITING_MAX || this.waitingChars + detail.length > WAITING_CHARS_MAX) {
      this.options.onDropped?.();
      return;
    }
    this.waiting.push(record);
    this.waitingChars += detail.length;
  }

  /** Never rejects: while the database cannot be reached, what waits stays. */
  private async flush(): Promise<void> {
    let isWritten = false;
    while (this.waiting.length > 0) {
      const some = this.waiting.slice(0, RECORDS_PER_WRITE);
      let isRefused = false;
      try {
        await this.options.store.write(
          some.flatMap((record) => ('trace' in record ? [record.trace] : [])),
          some.flatMap((record) => ('batch' in record ? [record.batch] : [])),
        );
        isWritten = true;
      } catch (err) {
        if (DomainError.from(err).code === 'unavailable') return;
        // What the database does not take now it would not take later, and all others would wait behind it.
        isRefused = true;
      }
      this.forget(some.length, isRefused);
    }
    if (isWritten) await this.options.store.announce().catch(() => undefined);
  }

  /** Takes the first `count` out of what waits. */
  private forget(count: number, isDropped: boolean): void {
    for (const record of this.waiting.splice(0, count)) {
      this.waitingChars -= ('trace' in record ? record.trace : record.batch).detail.length;
      if (isDropped) this.options.onDropped?.();
    }
  }
}

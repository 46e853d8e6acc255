import { type Clock, DomainError, every, type InputItem, type Repetition, withDeadline } from '#core';
import type { StoredRequestEntity } from '#database';
import type { TraceRecord, TraceSink } from '../tracing/records.js';
import { rowOfInputs } from './stored-input.js';
import type { StoredInputs } from './stored-inputs.js';

const FLUSH_MS = 500;
const STOP_MS_MAX = 3_000;
const ROWS_PER_WRITE = 8;
/** What may wait for the database. */
const WAITING_MAX = 200;
const WAITING_BYTES_MAX = 16 * 1024 * 1024;

export interface InputWriterOptions {
  readonly store: Pick<StoredInputs, 'write'>;
  readonly clock: Clock;
  /** Hears of each request whose inputs are not written: too many wait, or the database refuses them. */
  readonly onDropped?: () => void;
}

/** Writes what requests sent to the database, where their tokens have that stored. No request waits for it. */
export class InputWriter implements TraceSink {
  private waiting: StoredRequestEntity[] = [];
  private waitingBytes = 0;
  private regularWork: Repetition | undefined;

  constructor(private readonly options: InputWriterOptions) {}

  onTrace(): void {
    // The trace itself is another sink's.
  }

  onBatch(): void {
    // Batches hold no inputs.
  }

  onInputs(trace: TraceRecord, inputs: readonly InputItem[]): void {
    if (this.waiting.length >= WAITING_MAX || this.waitingBytes >= WAITING_BYTES_MAX) {
      this.options.onDropped?.();
      return;
    }
    const row = rowOfInputs(trace, inputs);
    this.waiting.push(row);
    this.waitingBytes += row.bytes;
  }

  start(): void {
    this.regularWork ??= every(this.options.clock, FLUSH_MS, () => this.flush());
  }

  /** Writes what waits, if the database takes it within three seconds, and ends. */
  async stop(): Promise<void> {
    const finish = async (): Promise<void> => {
      await this.regularWork?.stop();
      await this.flush();
    };
    await withDeadline(this.options.clock, STOP_MS_MAX, finish(), () => undefined);
  }

  /** Never rejects: while the database cannot be reached, what waits stays. */
  private async flush(): Promise<void> {
    while (this.waiting.length > 0) {
      const some = this.waiting.slice(0, ROWS_PER_WRITE);
      let isRefused = false;
      try {
        await this.options.store.write(some);
      } catch (err) {
        if (DomainError.from(err).code === 'unavailable') return;
        isRefused = true;
      }
      for (const { bytes } of this.waiting.splice(0, some.length)) {
        this.waitingBytes -= bytes;
        if (isRefused) this.options.onDropped?.();
      }
    }
  }
}

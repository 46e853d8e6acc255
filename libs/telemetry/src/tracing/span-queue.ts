import type { Clock } from '#core';
import type { BatchRecord, SpanRecord, TraceRecord, TraceSink } from './records.js';

/** Sends spans to a collector. Resolves when it has them, rejects when it does not take them. */
export type SendSpans = (spans: readonly SpanRecord[]) => Promise<void>;

/** What a SpanQueue works with. */
export interface SpanQueueOptions {
  readonly clock: Clock;
  readonly send: SendSpans;
  /** Most spans that wait. */
  readonly queueMax: number;
  /** Most spans that are sent at a time. */
  readonly batchMax: number;
  /** How long spans wait for a batch to fill. */
  readonly delayMs: number;
  /** How long sending one batch may take; then its spans are given up. */
  readonly timeoutMs: number;
  /** Gets the number of spans that no collector will see. */
  onDropped(spans: number): void;
  /** Sending failed, after it had gone well, or goes well again (undefined). */
  onState(err: unknown): void;
}

/**
 * Sends what is kept to a collector in batches, one at a time, beside the requests: none waits for it. While the
 * collector is slow or away, spans wait up to a bound; what is beyond is dropped and counted. (The SDK's own batch
 * processor holds 2,048, and drops without a word.)
 *
 * @example
 * const queue = new SpanQueue({ clock, send, queueMax: 8_192, batchMax: 512, delayMs: 5_000, …rest });
 * const tracer = new Tracer({ …parts, exported: queue });
 * await queue.close(2_000);
 */
export class SpanQueue implements TraceSink {
  private waiting: SpanRecord[] = [];
  private isSending = false;
  /** Spans of which nobody knows yet whether they arrive. */
  private underWay = 0;
  private isClosed = false;
  private hasFailed = false;
  private cancelDelay: (() => void) | undefined;
  private onEmpty: (() => void) | undefined;

  constructor(private readonly options: SpanQueueOptions) {}

  onTrace({ spans }: TraceRecord): void {
    this.add(spans);
  }

  onBatch({ spans }: BatchRecord): void {
    this.add(spans);
  }

  /** Sends what waits, for at most `msMax`, and takes no more. Never rejects. */
  async close(msMax: number): Promise<void> {
    const emptied = Promise.withResolvers<void>();
    this.isClosed = true;
    this.onEmpty = emptied.resolve;
    const cancel = this.options.clock.after(msMax, emptied.resolve);
    this.sendNext();
    await emptied.promise;
    cancel();
    this.drop(this.waiting.splice(0).length + this.underWay);
    this.underWay = 0;
  }

  private add(spans: readonly SpanRecord[]): void {
    const { queueMax, batchMax, delayMs, clock } = this.options;
    if (this.isClosed || this.waiting.length + spans.length > queueMax) return this.drop(spans.length);
    for (const span of spans) this.waiting.push(span);
    if (this.isSending) return;
    if (this.waiting.length >= batchMax) this.sendNext();
    else this.cancelDelay ??= clock.after(delayMs, () => this.sendNext());
  }

  private sendNext(): void {
    this.cancelDelay?.();
    this.cancelDelay = undefined;
    if (this.isSending) return;
    if (this.waiting.length === 0) return this.onEmpty?.();
    this.isSending = true;
    const { batchMax, clock, send, timeoutMs } = this.options;
    const batch = this.waiting.splice(0, batchMax);
    this.underWay = batch.length;
    const done = Promise.withResolvers<void>();
    const cancel = clock.after(timeoutMs, () => done.reject(new Error(`not sent within ${timeoutMs} ms`)));
    // Not in the turn of a request: making a batch of bytes takes milliseconds.
    setImmediate(() => void send(batch).then(done.resolve, done.reject));
    void done.promise
      .then(
        () => this.report(undefined),
        (err: unknown) => {
          this.drop(this.underWay);
          this.report(err);
        },
      )
      .finally(() => {
        cancel();
        this.isSending = false;
        this.underWay = 0;
        this.proceed();
      });
  }

  private proceed(): void {
    const { batchMax, delayMs, clock } = this.options;
    if (this.isClosed || this.waiting.length >= batchMax) return this.sendNext();
    if (this.waiting.length > 0) this.cancelDelay ??= clock.after(delayMs, () => this.sendNext());
  }

  private drop(spans: number): void {
    if (spans > 0) this.options.onDropped(spans);
  }

  private report(err: unknown): void {
    const hasFailed = err !== undefined;
    if (hasFailed !== this.hasFailed) this.options.onState(err);
    this.hasFailed = hasFailed;
  }
}

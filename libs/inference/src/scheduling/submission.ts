import {
  abortError,
  type DomainError,
  INTERACTIVE_ITEMS_MAX,
  towerOf,
  type EncodeItem,
  type ItemResult,
  type Priority,
  type RequestContext,
  type RequestTrace,
  type Tower,
} from '#core';
import { COSTLY_MS, costOf } from '#clip';

/**
 * Which items share a queue and a batch: those of one tower, and apart from both, `costly` pictures that take long to
 * decode.
 */
export type WorkClass = Tower | 'costly';

/** The priority of a call of `items` items in the queue: a large call is bulk work, whatever it asks for. */
export function priorityOf(items: number, { priority = 'interactive' }: Pick<RequestContext, 'priority'>): Priority {
  return items > INTERACTIVE_ITEMS_MAX ? 'bulk' : priority;
}

/**
 * One item on its way through the pool: the call that it belongs to, and the place of its result in that call's answer.
 */
export interface QueuedItem {
  readonly item: EncodeItem;
  readonly tower: Tower;
  /** Its size in the queue and on the wire. */
  readonly bytes: number;
  /** What it costs to decode, in milliseconds by its header (`costOf`). */
  readonly workMs: number;
  readonly workClass: WorkClass;
  readonly index: number;
  readonly enqueuedAtMs: number;
  readonly submission: Submission;
}

/**
 * One call of `submit`: gathers the results of its items and settles its promise exactly once. A result that comes
 * later, when the caller is gone, is dropped.
 */
export class Submission {
  readonly items: readonly QueuedItem[];
  readonly bytes: number;
  readonly principalId: string;
  readonly priority: Priority;
  /** Where what the request does is noted; undefined where it is not traced. */
  readonly trace: RequestTrace | undefined;
  /** The answer, one result an item, in the items' order. */
  readonly answer: Promise<ItemResult[]>;
  private readonly results: ItemResult[] = [];
  private readonly settlers: { resolve(results: ItemResult[]): void; reject(error: DomainError): void };
  private readonly signal: AbortSignal;
  private missing: number;
  private open = true;
  private onAbort: (() => void) | undefined;

  constructor(
    items: readonly EncodeItem[],
    context: RequestContext,
    nowMs: number,
    /** How many replicas could take items of it when it came; noted in its trace only. */
    readonly replicasReady = 0,
  ) {
    this.items = items.map((item, index) => this.toQueuedItem(item, index, nowMs));
    this.bytes = this.items.reduce((sum, queued) => sum + queued.bytes, 0);
    this.principalId = context.principal.id;
    this.priority = priorityOf(items.length, context);
    this.trace = context.trace;
    this.signal = context.signal;
    this.missing = items.length;
    const { promise, resolve, reject } = Promise.withResolvers<ItemResult[]>();
    this.answer = promise;
    this.settlers = { resolve, reject };
  }

  /** False once the promise is settled: nobody waits for its items any more. */
  get isOpen(): boolean {
    return this.open;
  }

  /**
   * Rejects the submission when the caller's signal aborts, then calls `whenAborted` with the error, so that the queue
   * lets go of it.
   */
  watchAbort(whenAborted: (error: DomainError) => void): void {
    if (!this.open) return;
    this.onAbort = () => {
      const error = abortError(this.signal);
      this.fail(error);
      whenAborted(error);
    };
    this.signal.addEventListener('abort', this.onAbort, { once: true });
  }

  /** Takes in the result of one item. Must be called once an item; the dispatcher guarantees it. */
  settle(index: number, result: ItemResult): void {
    if (!this.open) return;
    this.results[index] = result;
    this.missing -= 1;
    if (this.missing > 0) return;
    this.finish();
    this.settlers.resolve(this.results);
  }

  /** Fails the call as a whole. */
  fail(error: DomainError): void {
    if (!this.open) return;
    this.finish();
    this.settlers.reject(error);
  }

  private finish(): void {
    this.open = false;
    if (this.onAbort) this.signal.removeEventListener('abort', this.onAbort);
  }

  private toQueuedItem(item: EncodeItem, index: number, enqueuedAtMs: number): QueuedItem {
    const tower = towerOf(item);
    const { workMs } = costOf(item);
    const workClass = workMs > COSTLY_MS ? 'costly' : tower;
    return { item, tower, bytes: bytesOf(item), workMs, workClass, index, enqueuedAtMs, submission: this };
  }
}

function bytesOf(item: EncodeItem): number {
  switch (item.kind) {
    case 'text':
      return Buffer.byteLength(item.text);
    case 'image':
      return item.bytes.byteLength;
    case 'pixels':
      return item.pixels.data.byteLength;
  }
}

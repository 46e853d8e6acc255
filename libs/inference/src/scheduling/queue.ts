import { DomainError, type Priority } from '#core';
import type { WorkClass, QueuedItem, Submission } from './submission.js';
import { TowerQueue } from './tower-queue.js';

/** How much may wait for one model. */
export interface QueueLimits {
  readonly itemsMax: number;
  readonly bytesMax: number;
}

/** When to come back, asked with the items that must leave first. */
export type RetryEstimate = (itemsAhead: number) => number;

/**
 * What waits for one model, bounded in items and bytes: a fair queue for each work class and priority. A call is taken
 * in whole or refused at once, never in part.
 */
export class ItemQueue {
  readonly waiting: Readonly<Record<WorkClass, Readonly<Record<Priority, TowerQueue>>>> = {
    textual: { interactive: new TowerQueue(), bulk: new TowerQueue() },
    visual: { interactive: new TowerQueue(), bulk: new TowerQueue() },
    costly: { interactive: new TowerQueue(), bulk: new TowerQueue() },
  };
  private readonly all = Object.values(this.waiting).flatMap(({ interactive, bulk }) => [interactive, bulk]);

  constructor(
    private readonly modelName: string,
    private readonly limits: QueueLimits,
    private readonly retryEstimate: RetryEstimate,
  ) {}

  get size(): number {
    return this.all.reduce((sum, { size }) => sum + size, 0);
  }

  get bytes(): number {
    return this.all.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The calls that have items here. One that has items of several classes is one call. */
  get calls(): ReadonlySet<Submission> {
    return new Set(this.all.flatMap((queue) => [...queue.submissions()]));
  }

  /** The calls that have items here, with how many; one that has items of several classes comes once for each. */
  *pending(): Iterable<{ readonly submission: Submission; readonly items: number }> {
    for (const queue of this.all) yield* queue.pending();
  }

  /** When the longest waiting item came, on the pool's clock; undefined when nothing waits. */
  get oldestAtMs(): number | undefined {
    const oldest = Math.min(...this.all.map(({ oldestAtMs }) => oldestAtMs ?? Infinity));
    return oldest === Infinity ? undefined : oldest;
  }

  /** Throws `queue_full`, with a retry time unless the call is larger than the whole queue and never fits. */
  add(submission: Submission): void {
    this.admit(submission);
    const { items, priority } = submission;
    const of = (workClass: WorkClass) => items.filter((queued) => queued.workClass === workClass);
    this.waiting.textual[priority].enqueue(submission, of('textual').sort(byWeight));
    this.waiting.visual[priority].enqueue(submission, of('visual'));
    this.waiting.costly[priority].enqueue(submission, of('costly'));
  }

  /** Forgets what still waits of a call, in constant time, and returns how many items that were. */
  remove(submission: Submission): number {
    return this.all.reduce((sum, queue) => sum + queue.remove(submission), 0);
  }

  private admit({ items, bytes }: Submission): void {
    const { itemsMax, bytesMax } = this.limits;
    if (items.length > itemsMax || bytes > bytesMax) throw this.neverFits(items.length);
    if (this.size + items.length <= itemsMax && this.bytes + bytes <= bytesMax) return;
    const itemsAhead = Math.max(1, this.size + items.length - itemsMax);
    throw new DomainError(
      'queue_full',
      `The queue of model ${this.modelName} is full. Try again later, or send fewer requests at a time.`,
      { retryAfterMs: this.retryEstimate(itemsAhead), internal: `waiting: ${this.size} items, ${this.bytes} bytes` },
    );
  }

  private neverFits(items: number): DomainError {
    const { itemsMax, bytesMax } = this.limits;
    return new DomainError(
      'queue_full',
      `This request is larger than the whole queue of model ${this.modelName} (${itemsMax} items, ${bytesMax} bytes). ` +
        'Send it as several smaller requests.',
      { internal: `the request has ${items} items` },
    );
  }
}

/**
 * Short texts first: a batch is padded to its longest text, so texts of like length should run together. Sorted only
 * within one call: its answer leaves as a whole, so the order inside makes nobody wait longer.
 */
function byWeight(a: QueuedItem, b: QueuedItem): number {
  return a.bytes - b.bytes;
}

import { DomainError, type Priority } from '#core';
import type { Line, Rider, Submission } from './submission.js';
import { TowerQueue } from './tower-queue.js';

/** How much may wait for one model. */
export interface QueueLimits {
  readonly itemsMax: number;
  readonly bytesMax: number;
}

/** When to come back, asked with the items that must leave first. */
export type RetryEstimate = (itemsAhead: number) => number;

/**
 * What waits for one model: bounded in items and bytes, one line for each tower and priority, and
 * for pictures that take long to decode, each fair between principals.
 * A call is taken in whole or refused at once, never in part.
 */
export class ItemQueue {
  readonly towers: Readonly<Record<Line, Readonly<Record<Priority, TowerQueue>>>> = {
    textual: { interactive: new TowerQueue(), bulk: new TowerQueue() },
    visual: { interactive: new TowerQueue(), bulk: new TowerQueue() },
    costly: { interactive: new TowerQueue(), bulk: new TowerQueue() },
  };
  private readonly lines = Object.values(this.towers).flatMap(({ interactive, bulk }) => [interactive, bulk]);

  constructor(
    private readonly modelName: string,
    private readonly limits: QueueLimits,
    private readonly retryEstimate: RetryEstimate,
  ) {}

  get size(): number {
    return this.lines.reduce((sum, { size }) => sum + size, 0);
  }

  get bytes(): number {
    return this.lines.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** When the longest waiting item came, on the pool's clock; undefined when nothing waits. */
  get oldestAtMs(): number | undefined {
    const oldest = Math.min(...this.lines.map(({ oldestAtMs }) => oldestAtMs ?? Infinity));
    return oldest === Infinity ? undefined : oldest;
  }

  /** Throws `queue_full`, with a retry time unless the call is larger than the whole queue and never fits. */
  add(submission: Submission): void {
    this.admit(submission);
    const { riders, priority } = submission;
    const of = (line: Line) => riders.filter((rider) => rider.line === line);
    this.towers.textual[priority].add(submission, of('textual').sort(byWeight));
    this.towers.visual[priority].add(submission, of('visual'));
    this.towers.costly[priority].add(submission, of('costly'));
  }

  /** Forgets what still waits of a call, in constant time. */
  remove(submission: Submission): void {
    for (const line of this.lines) line.remove(submission);
  }

  /** Empties the queue and fails every call that had something in it. */
  failAll(error: DomainError): void {
    const waiting = this.lines.flatMap((line) => line.submissions());
    for (const submission of waiting) {
      this.remove(submission);
      submission.fail(error);
    }
  }

  private admit({ riders, bytes }: Submission): void {
    const { itemsMax, bytesMax } = this.limits;
    if (riders.length > itemsMax || bytes > bytesMax) throw this.neverFits(riders.length);
    if (this.size + riders.length <= itemsMax && this.bytes + bytes <= bytesMax) return;
    const itemsAhead = Math.max(1, this.size + riders.length - itemsMax);
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
 * Short texts first: a batch is padded to its longest text, so texts of like length should ride together. Only within
 * one call: its answer leaves as a whole, so the order inside makes nobody wait longer.
 */
function byWeight(a: Rider, b: Rider): number {
  return a.bytes - b.bytes;
}

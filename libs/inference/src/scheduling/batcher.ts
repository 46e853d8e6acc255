import type { BatchReason, Clock, Priority, Tower } from '#core';
import type { Batch } from './batch.js';
import type { ItemQueue } from './queue.js';
import type { WorkClass, QueuedItem } from './submission.js';
import type { TowerQueue } from './tower-queue.js';

/** How much one batch may hold. */
export interface BatchLimits {
  readonly itemsMax: number;
  /** Encoded bytes; an item that is larger alone still goes, by itself. */
  readonly bytesMax: number;
}

/** Interactive callers count as present for this long after the last of them came. */
const AROUND_MS = 1_000;
/**
 * Share of a full batch that a bulk batch may have while interactive callers are present: a call that comes meanwhile
 * waits for its run.
 */
const BULK_SHARE = 0.1;
/** While both priorities wait, one batch of this many is a bulk batch. */
const BULK_EVERY = 4;

/**
 * Most decoding in a batch, in milliseconds of one core by estimate. A replica prepares one batch while it runs
 * another, so the next call waits for about twice this. Costly pictures hold up only each other.
 */
const WORK_MS_MAX: Readonly<Record<WorkClass, number>> = { textual: Infinity, visual: 1_000, costly: 2_000 };

/**
 * Most bytes of a batch of texts. Texts are made bytes of on their way to the replica, which holds the event loop for a
 * millisecond and more for each of these mebibytes; of a text that is large beside it, a model reads the first words.
 */
const TEXT_BYTES_MAX = 8 * 1024 * 1024;

const WORK_CLASSES = ['textual', 'visual', 'costly'] as const satisfies readonly WorkClass[];

/**
 * Decides which items run together: one work class and one priority a batch, at once when anything waits. Where both
 * priorities wait, three interactive batches of four go first, so that neither starves. While interactive callers come,
 * bulk batches are kept short, so that the next caller does not wait for a long run. It knows nothing of replicas,
 * processes or timers.
 */
export class Batcher {
  private batches = 0;
  /** Counts arrivals of work in an empty class and departures: a time that never ties. */
  private turn = 0;
  private interactiveAtMs = -Infinity;
  /** Interactive batches of a class that have passed its waiting bulk work since the last bulk batch. */
  private readonly passed: Record<WorkClass, number> = { textual: 0, visual: 0, costly: 0 };
  private readonly waitingSince: Partial<Record<WorkClass, number>> = {};

  constructor(
    private readonly queue: ItemQueue,
    private limits: BatchLimits,
    private readonly clock: Clock,
  ) {}

  get itemsMax(): number {
    return this.limits.itemsMax;
  }

  /** Takes effect with the next batch. */
  set itemsMax(itemsMax: number) {
    this.limits = { ...this.limits, itemsMax };
  }

  /** Must be called after each arrival, so that the classes are served in the order in which they began to wait. */
  noteArrival(): void {
    for (const workClass of WORK_CLASSES) {
      if (this.waits(workClass)) this.waitingSince[workClass] ??= this.turn++;
      if (this.queue.waiting[workClass].interactive.size > 0) this.interactiveAtMs = this.clock.now();
    }
  }

  /**
   * The next batch for a replica that holds `itemsHeld` items already. An idle replica (0) gets what waits, at once. A
   * busy one gets its next batch, to prepare while it runs, only when that is full or as large as what it holds: a
   * smaller one would not come sooner and would miss the items that arrive meanwhile. Bulk work is not assigned early
   * while interactive callers come: the next of them would have to wait for it as well. Costly items do not count in
   * `itemsHeld`.
   *
   * @param itemsMaxOf how many items of a tower the replica should get at once; no batch is larger than `itemsMax`
   * @param hasRoomFor for which classes the replica has room
   */
  nextBatch(
    itemsHeld: number,
    itemsMaxOf: (tower: Tower) => number = () => Infinity,
    hasRoomFor: (workClass: WorkClass) => boolean = () => true,
  ): Batch | undefined {
    const workClasses = WORK_CLASSES.filter((workClass) => this.waits(workClass) && hasRoomFor(workClass));
    workClasses.sort((a, b) => (this.waitingSince[a] ?? 0) - (this.waitingSince[b] ?? 0));
    // A costly batch runs beside the others: where those have to wait for a better time, it goes all the same.
    const [first] = workClasses;
    const next =
      first && first !== 'costly' && workClasses.includes('costly')
        ? [first, 'costly' as const]
        : workClasses.slice(0, 1);
    for (const workClass of next) {
      const batch = this.dequeueFrom(workClass, workClass === 'costly' ? 0 : itemsHeld, itemsMaxOf);
      if (batch) return batch;
    }
    return undefined;
  }

  private dequeueFrom(
    workClass: WorkClass,
    itemsHeld: number,
    itemsMaxOf: (tower: Tower) => number,
  ): Batch | undefined {
    const priority = this.priorityOf(workClass);
    const waiting = this.queue.waiting[workClass][priority];
    const isNearInteractive = priority === 'bulk' && this.clock.now() - this.interactiveAtMs <= AROUND_MS;
    const itemsMax = Math.min(this.limits.itemsMax, itemsMaxOf(workClass === 'textual' ? 'textual' : 'visual'));
    if (itemsHeld > 0 && (isNearInteractive || !this.isWorthwhile(workClass, waiting, Math.min(itemsHeld, itemsMax)))) {
      return undefined;
    }
    const itemsMaxNow = isNearInteractive ? Math.max(1, Math.floor(itemsMax * BULK_SHARE)) : itemsMax;
    const { items, isFull } = this.dequeueItems(workClass, waiting, itemsMaxNow);
    this.passed[workClass] =
      priority === 'interactive' && this.queue.waiting[workClass].bulk.size > 0 ? this.passed[workClass] + 1 : 0;
    if (this.waits(workClass)) this.waitingSince[workClass] = this.turn++;
    else delete this.waitingSince[workClass];
    const reason = reasonOf(workClass, isFull, itemsHeld);
    return this.createBatch(workClass, items, { deaths: 0, reason, itemsMax: itemsMaxNow });
  }

  /** Makes a batch of items that a dead replica left behind. */
  retry({ workClass, lost }: Batch, items: readonly QueuedItem[], deaths: number): Batch {
    const facts = { deaths, reason: 'retry', itemsMax: items.length } as const;
    return this.createBatch(workClass, items, lost ? { ...facts, lost } : facts);
  }

  private waits(workClass: WorkClass): boolean {
    const { interactive, bulk } = this.queue.waiting[workClass];
    return interactive.size > 0 || bulk.size > 0;
  }

  private priorityOf(workClass: WorkClass): Priority {
    const { interactive, bulk } = this.queue.waiting[workClass];
    if (interactive.size === 0) return 'bulk';
    if (bulk.size === 0) return 'interactive';
    return this.passed[workClass] < BULK_EVERY - 1 ? 'interactive' : 'bulk';
  }

  private isWorthwhile(workClass: WorkClass, waiting: TowerQueue, items: number): boolean {
    const isFull = waiting.bytes >= this.bytesMaxOf(workClass) || waiting.workMs >= WORK_MS_MAX[workClass];
    return isFull || waiting.size >= items;
  }

  /** `isFull`: one more item would have been too much for it, whether one waits or not. */
  private dequeueItems(
    workClass: WorkClass,
    waiting: TowerQueue,
    itemsMax: number,
  ): { items: QueuedItem[]; isFull: boolean } {
    const items: QueuedItem[] = [];
    const bytesMax = this.bytesMaxOf(workClass);
    let bytes = 0;
    let workMs = 0;
    for (let next = waiting.peek(); next && items.length < itemsMax; next = waiting.peek()) {
      const isOver = bytes + next.bytes > bytesMax || workMs + next.workMs > WORK_MS_MAX[workClass];
      if (items.length > 0 && isOver) return { items, isFull: true };
      waiting.dequeue();
      items.push(next);
      bytes += next.bytes;
      workMs += next.workMs;
    }
    return { items, isFull: items.length >= itemsMax || bytes >= bytesMax || workMs >= WORK_MS_MAX[workClass] };
  }

  private bytesMaxOf(workClass: WorkClass): number {
    return workClass === 'textual' ? Math.min(this.limits.bytesMax, TEXT_BYTES_MAX) : this.limits.bytesMax;
  }

  private createBatch(
    workClass: WorkClass,
    items: readonly QueuedItem[],
    facts: Pick<Batch, 'deaths' | 'reason' | 'itemsMax' | 'lost'>,
  ): Batch {
    this.batches += 1;
    const tower = workClass === 'textual' ? 'textual' : 'visual';
    return { id: this.batches, tower, workClass, items, dequeuedAtMs: this.clock.now(), ...facts };
  }
}

function reasonOf(workClass: WorkClass, isFull: boolean, itemsHeld: number): BatchReason {
  if (workClass === 'costly') return 'costly';
  if (isFull) return 'full';
  return itemsHeld === 0 ? 'idle_replica' : 'waited';
}

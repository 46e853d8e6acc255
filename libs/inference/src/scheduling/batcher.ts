import type { Clock, Priority, Tower } from '#core';
import type { Batch } from './batch.js';
import type { ItemQueue } from './queue.js';
import type { Line, Rider } from './submission.js';
import type { TowerQueue } from './tower-queue.js';

/** How much may ride together. */
export interface BatchLimits {
  readonly itemsMax: number;
  /** Encoded bytes; an item that is larger alone still goes, by itself. */
  readonly bytesMax: number;
}

/** Callers who wait are taken to be around for so long after the last of them came. */
const AROUND_MS = 1_000;
/** Share of a full batch that a bulk one may have while callers who wait are around: so long is the run they may come into. */
const BULK_SHARE = 0.1;
/** Of so many batches one is a bulk batch, as long as both priorities wait. */
const BULK_EVERY = 4;

/**
 * Most decoding in a batch, in milliseconds of one core by estimate. A replica prepares one batch while it runs another, so
 * that who comes next waits for about twice this. Costly pictures hold up nobody but each other.
 */
const WORK_MS_MAX: Readonly<Record<Line, number>> = { textual: Infinity, visual: 1_000, costly: 2_000 };

/**
 * Most bytes of a batch of texts. Texts are made bytes of on their way to the replica, which holds the event loop for a millisecond
 * and more for each of these mebibytes; of a text that is large beside it, a model reads the first words.
 */
const TEXT_BYTES_MAX = 8 * 1024 * 1024;

const LINES = ['textual', 'visual', 'costly'] as const satisfies readonly Line[];

/**
 * Decides what rides together: one tower and one priority a batch, at once when anything waits. Where both priorities wait,
 * interactive batches go first, but for every fourth: neither starves; while interactive callers come, bulk batches are kept short, so that who
 * comes next does not wait for a long run. Knows nothing of replicas, processes or timers.
 */
export class Batcher {
  private batches = 0;
  /** Counts arrivals of work at an empty line and departures; a time that never ties. */
  private turn = 0;
  private interactiveAtMs = -Infinity;
  /** Interactive batches of a tower that have passed its waiting bulk work since the last bulk batch. */
  private readonly passed: Record<Line, number> = { textual: 0, visual: 0, costly: 0 };
  private readonly waitingSince: Partial<Record<Line, number>> = {};

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

  /** Must be told after each arrival, so that the towers can be served in the order in which they began to wait. */
  arrived(): void {
    for (const line of LINES) {
      if (this.waits(line)) this.waitingSince[line] ??= this.turn++;
      if (this.queue.towers[line].interactive.size > 0) this.interactiveAtMs = this.clock.now();
    }
  }

  /**
   * The next batch for a replica that holds `itemsHeld` items already. An idle replica (0) gets what waits, at once. A
   * busy one gets its next batch, to prepare while it runs, only when that is full or as large as what it holds: a
   * smaller one would not come sooner and would miss the items that arrive meanwhile. Bulk work is not bound early while
   * interactive callers come: the next of them would have to wait for it as well. `ableOf` says how many items of a tower
   * the replica should get at once; nobody gets more than `itemsMax`. `mayTake` says for which lines it has room.
   * `itemsHeld` are those beside which costly ones are not counted.
   */
  take(
    itemsHeld: number,
    ableOf: (tower: Tower) => number = () => Infinity,
    mayTake: (line: Line) => boolean = () => true,
  ): Batch | undefined {
    const lines = LINES.filter((line) => this.waits(line) && mayTake(line));
    lines.sort((a, b) => (this.waitingSince[a] ?? 0) - (this.waitingSince[b] ?? 0));
    // A costly batch is bound beside the others: where those have to wait for a better time, it goes all the same.
    const [first] = lines;
    const next =
      first && first !== 'costly' && lines.includes('costly') ? [first, 'costly' as const] : lines.slice(0, 1);
    for (const line of next) {
      const batch = this.takeFrom(line, line === 'costly' ? 0 : itemsHeld, ableOf);
      if (batch) return batch;
    }
    return undefined;
  }

  private takeFrom(line: Line, itemsHeld: number, ableOf: (tower: Tower) => number): Batch | undefined {
    const priority = this.priorityOf(line);
    const waiting = this.queue.towers[line][priority];
    const isBeside = priority === 'bulk' && this.clock.now() - this.interactiveAtMs <= AROUND_MS;
    const itemsMax = Math.min(this.limits.itemsMax, ableOf(line === 'textual' ? 'textual' : 'visual'));
    if (itemsHeld > 0 && (isBeside || !this.isWorthwhile(line, waiting, Math.min(itemsHeld, itemsMax)))) {
      return undefined;
    }
    const riders = this.fill(line, waiting, isBeside ? Math.max(1, Math.floor(itemsMax * BULK_SHARE)) : itemsMax);
    this.passed[line] = priority === 'interactive' && this.queue.towers[line].bulk.size > 0 ? this.passed[line] + 1 : 0;
    if (this.waits(line)) this.waitingSince[line] = this.turn++;
    else delete this.waitingSince[line];
    return this.batch(line, riders, 0);
  }

  /** A batch made of riders that a dead replica left behind. */
  again(lost: Batch, riders: readonly Rider[], deaths: number): Batch {
    return this.batch(lost.line, riders, deaths);
  }

  private waits(line: Line): boolean {
    const { interactive, bulk } = this.queue.towers[line];
    return interactive.size > 0 || bulk.size > 0;
  }

  private priorityOf(line: Line): Priority {
    const { interactive, bulk } = this.queue.towers[line];
    if (interactive.size === 0) return 'bulk';
    if (bulk.size === 0) return 'interactive';
    return this.passed[line] < BULK_EVERY - 1 ? 'interactive' : 'bulk';
  }

  private isWorthwhile(line: Line, waiting: TowerQueue, items: number): boolean {
    const isFull = waiting.bytes >= this.bytesMaxOf(line) || waiting.workMs >= WORK_MS_MAX[line];
    return isFull || waiting.size >= items;
  }

  private fill(line: Line, waiting: TowerQueue, itemsMax: number): Rider[] {
    const riders: Rider[] = [];
    const bytesMax = this.bytesMaxOf(line);
    let bytes = 0;
    let workMs = 0;
    for (let next = waiting.peek(); next && riders.length < itemsMax; next = waiting.peek()) {
      const isOver = bytes + next.bytes > bytesMax || workMs + next.workMs > WORK_MS_MAX[line];
      if (riders.length > 0 && isOver) break;
      waiting.take();
      riders.push(next);
      bytes += next.bytes;
      workMs += next.workMs;
    }
    return riders;
  }

  private bytesMaxOf(line: Line): number {
    return line === 'textual' ? Math.min(this.limits.bytesMax, TEXT_BYTES_MAX) : this.limits.bytesMax;
  }

  private batch(line: Line, riders: readonly Rider[], deaths: number): Batch {
    this.batches += 1;
    const tower = line === 'textual' ? 'textual' : 'visual';
    return { id: this.batches, tower, line, riders, takenAtMs: this.clock.now(), deaths };
  }
}

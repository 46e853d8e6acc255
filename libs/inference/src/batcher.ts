import type { Clock, Priority, Tower } from '#core';
import type { ItemQueue } from './queue.js';
import type { Rider } from './submission.js';
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

/** Items of one tower that ride one ONNX run. */
export interface Batch {
  readonly id: number;
  readonly tower: Tower;
  readonly riders: readonly Rider[];
  readonly takenAtMs: number;
  /** How many replicas have died with these items aboard. */
  readonly deaths: number;
}

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
  private readonly passed: Record<Tower, number> = { textual: 0, visual: 0 };
  private readonly waitingSince: Record<Tower, number | undefined> = { textual: undefined, visual: undefined };

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
    for (const tower of ['textual', 'visual'] as const) {
      if (this.waits(tower)) this.waitingSince[tower] ??= this.turn++;
      if (this.queue.towers[tower].interactive.size > 0) this.interactiveAtMs = this.clock.now();
    }
  }

  /**
   * The next batch for a replica that holds `itemsHeld` items already. An idle replica (0) gets what waits, at once. A
   * busy one gets its next batch, to prepare while it runs, only when that is full or as large as what it holds: a
   * smaller one would not come sooner and would miss the items that arrive meanwhile. Bulk work is not bound early while
   * interactive callers come: the next of them would have to wait for it as well. `ableOf` says how many items of a tower
   * the replica should get at once; nobody gets more than `itemsMax`.
   */
  take(itemsHeld: number, ableOf: (tower: Tower) => number = () => Infinity): Batch | undefined {
    const tower = this.longestWaiting();
    if (!tower) return undefined;
    const priority = this.priorityOf(tower);
    const waiting = this.queue.towers[tower][priority];
    const isBeside = priority === 'bulk' && this.clock.now() - this.interactiveAtMs <= AROUND_MS;
    const itemsMax = Math.min(this.limits.itemsMax, ableOf(tower));
    if (itemsHeld > 0 && (isBeside || !this.isWorthwhile(waiting, Math.min(itemsHeld, itemsMax)))) return undefined;
    const riders = this.fill(waiting, isBeside ? Math.max(1, Math.floor(itemsMax * BULK_SHARE)) : itemsMax);
    this.passed[tower] =
      priority === 'interactive' && this.queue.towers[tower].bulk.size > 0 ? this.passed[tower] + 1 : 0;
    this.waitingSince[tower] = this.waits(tower) ? this.turn++ : undefined;
    return this.batch(tower, riders, 0);
  }

  /** A batch made of riders that a dead replica left behind. */
  again(lost: Batch, riders: readonly Rider[], deaths: number): Batch {
    return this.batch(lost.tower, riders, deaths);
  }

  private longestWaiting(): Tower | undefined {
    if (!this.waits('textual')) return this.waits('visual') ? 'visual' : undefined;
    if (!this.waits('visual')) return 'textual';
    return (this.waitingSince.visual ?? 0) < (this.waitingSince.textual ?? 0) ? 'visual' : 'textual';
  }

  private waits(tower: Tower): boolean {
    const { interactive, bulk } = this.queue.towers[tower];
    return interactive.size > 0 || bulk.size > 0;
  }

  private priorityOf(tower: Tower): Priority {
    const { interactive, bulk } = this.queue.towers[tower];
    if (interactive.size === 0) return 'bulk';
    if (bulk.size === 0) return 'interactive';
    return this.passed[tower] < BULK_EVERY - 1 ? 'interactive' : 'bulk';
  }

  private isWorthwhile(waiting: TowerQueue, items: number): boolean {
    return waiting.size >= items || waiting.bytes >= this.limits.bytesMax;
  }

  private fill(waiting: TowerQueue, itemsMax: number): Rider[] {
    const riders: Rider[] = [];
    let bytes = 0;
    for (let next = waiting.peek(); next && riders.length < itemsMax; next = waiting.peek()) {
      if (riders.length > 0 && bytes + next.bytes > this.limits.bytesMax) break;
      waiting.take();
      riders.push(next);
      bytes += next.bytes;
    }
    return riders;
  }

  private batch(tower: Tower, riders: readonly Rider[], deaths: number): Batch {
    this.batches += 1;
    return { id: this.batches, tower, riders, takenAtMs: this.clock.now(), deaths };
  }
}

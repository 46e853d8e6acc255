import type { Clock, Tower } from '#core';
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
/** Share of a batch that bulk items may fill while somebody who waits is around: so long is the run they may come into. */
const BULK_SHARE = 0.125;

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
 * Decides what rides together: one tower a batch, whoever's turn it is, at once when anything waits. While interactive
 * callers come, batches with bulk items are kept short, so that who comes next does not wait for a long run.
 * Knows nothing of replicas, processes or timers.
 */
export class Batcher {
  private batches = 0;
  /** Counts arrivals of work at an empty line and departures; a time that never ties. */
  private turn = 0;
  private interactiveAtMs = -Infinity;
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
      const { size, interactiveSize } = this.queue.towers[tower];
      if (size > 0) this.waitingSince[tower] ??= this.turn++;
      if (interactiveSize > 0) this.interactiveAtMs = this.clock.now();
    }
  }

  /**
   * The next batch for a replica that holds `itemsHeld` items already. An idle replica (0) gets what waits, at once. A
   * busy one gets its next batch, to prepare while it runs, only when that is full or as large as what it holds: a
   * smaller one would not come sooner and would miss the items that arrive meanwhile. While bulk work waits beside
   * interactive callers, only what these wait for counts: they would come after every batch that is bound early.
   */
  take(itemsHeld: number): Batch | undefined {
    const tower = this.longestWaiting();
    if (!tower) return undefined;
    const waiting = this.queue.towers[tower];
    if (!this.isWorthwhile(waiting, itemsHeld)) return undefined;
    const riders = this.fill(waiting);
    this.waitingSince[tower] = waiting.size > 0 ? this.turn++ : undefined;
    return this.batch(tower, riders, 0);
  }

  /** A batch made of riders that a dead replica left behind. */
  again(lost: Batch, riders: readonly Rider[], deaths: number): Batch {
    return this.batch(lost.tower, riders, deaths);
  }

  private longestWaiting(): Tower | undefined {
    const { textual, visual } = this.queue.towers;
    if (textual.size === 0) return visual.size === 0 ? undefined : 'visual';
    if (visual.size === 0) return 'textual';
    return (this.waitingSince.visual ?? 0) < (this.waitingSince.textual ?? 0) ? 'visual' : 'textual';
  }

  private isWorthwhile(waiting: TowerQueue, itemsHeld: number): boolean {
    if (itemsHeld === 0) return true;
    if (this.isMixed(waiting)) return waiting.interactiveSize >= Math.min(itemsHeld, this.limits.itemsMax);
    return waiting.size >= Math.min(itemsHeld, this.limits.itemsMax) || waiting.bytes >= this.limits.bytesMax;
  }

  private itemsMaxOf(waiting: TowerQueue): number {
    const { itemsMax } = this.limits;
    if (!this.isMixed(waiting)) return itemsMax;
    return Math.min(itemsMax, waiting.interactiveSize + Math.max(1, Math.floor(itemsMax * BULK_SHARE)));
  }

  /** Whether bulk work waits while interactive callers are around. */
  private isMixed({ size, interactiveSize }: TowerQueue): boolean {
    return size > interactiveSize && this.clock.now() - this.interactiveAtMs <= AROUND_MS;
  }

  private fill(waiting: TowerQueue): Rider[] {
    const riders: Rider[] = [];
    const itemsMax = this.itemsMaxOf(waiting);
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

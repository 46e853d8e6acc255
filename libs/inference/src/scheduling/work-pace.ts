import type { Tower } from '#core';

/** So much work a batch should be at most: shorter ones are hardly cheaper an item, longer ones make others wait. */
const BATCH_WORK_MS = 2_000;
/** And at most this share of the time after which a replica is taken for hung: an estimate may be wrong by the rest. */
const RUN_SHARE_MAX = 0.25;
/** What counts of the batches before when another is answered: a rate that was measured once is forgotten quickly. */
const KEPT_SHARE = 0.5;

/**
 * How fast one life of a replica is, tower by tower, and by that how much it should get at once: on a CPU an image of a
 * large model takes seconds, and a batch of 32 would look like a replica that hangs. An average by items, so that a large
 * batch, which is cheaper an item, is not outweighed by single items beside it.
 */
export class WorkPace {
  private readonly workMsMax: number;
  private readonly lately: Readonly<Record<Tower, { items: number; workMs: number }>> = {
    textual: { items: 0, workMs: 0 },
    visual: { items: 0, workMs: 0 },
  };

  /** `runMsMax`: a replica that gives no answer for this long is killed. */
  constructor(runMsMax: number) {
    this.workMsMax = Math.min(BATCH_WORK_MS, runMsMax * RUN_SHARE_MAX);
  }

  /** `items` that were encoded cost `workMs`. Items that failed must not be counted: they cost next to nothing. */
  learn(tower: Tower, items: number, workMs: number): void {
    if (items === 0) return;
    const lately = this.lately[tower];
    lately.items = lately.items * KEPT_SHARE + items;
    lately.workMs = lately.workMs * KEPT_SHARE + workMs;
  }

  /** How many items make a batch of about 2 s: one at least, without bound while nothing is known. */
  itemsMax(tower: Tower): number {
    const { items, workMs } = this.lately[tower];
    return workMs === 0 ? Infinity : Math.max(1, Math.floor((this.workMsMax * items) / workMs));
  }
}

import type { Tower } from '#core';

/** A batch should be at most so much work: a shorter one is hardly cheaper an item, a longer one makes others wait. */
const BATCH_WORK_MS = 2_000;
/** And at most this share of the run timeout: the estimate may be wrong by the rest. */
const RUN_SHARE_MAX = 0.25;
/** A run of a replica forgets quickly, since its first batches may be slow. */
const RUN_KEPT_SHARE = 0.5;
/** A pool averages over about the last ten batches. */
const POOL_KEPT_SHARE = 0.8;
const RETRY_AFTER_MS_MIN = 100;
const RETRY_AFTER_MS_MAX = 30_000;
const RETRY_AFTER_MS_UNKNOWN = 1_000;

/**
 * How long an item takes lately: an average by items, so that a large batch, which is cheaper an item, is not
 * outweighed by single items beside it. Older batches count less and less.
 */
export class ThroughputEstimator {
  private items = 0;
  private workMs = 0;

  /** `keptShare`: what still counts, 0 to 1, of all batches before when another is observed. */
  constructor(private readonly keptShare: number) {}

  /** `items` together took `workMs`. Items that failed must not be counted: they cost next to nothing. */
  observe(items: number, workMs: number): void {
    if (items === 0) return;
    this.items = this.items * this.keptShare + items;
    this.workMs = this.workMs * this.keptShare + workMs;
  }

  /** Milliseconds that `items` take; undefined before the first observation. */
  msFor(items: number): number | undefined {
    return this.items === 0 ? undefined : (items * this.workMs) / this.items;
  }

  /** How many items take `ms` together: not rounded, and without bound while nothing is known. */
  itemsIn(ms: number): number {
    return this.workMs === 0 ? Infinity : (ms * this.items) / this.workMs;
  }
}

/**
 * How many items one run of a replica should get at once, tower by tower: on a CPU an image of a large model takes
 * seconds, and a batch of 32 would look like a replica that hangs.
 */
export class BatchSizer {
  private readonly workMsMax: number;
  private readonly throughput: Readonly<Record<Tower, ThroughputEstimator>> = {
    textual: new ThroughputEstimator(RUN_KEPT_SHARE),
    visual: new ThroughputEstimator(RUN_KEPT_SHARE),
  };

  /** `runMsMax`: a replica that gives no answer for this long is killed. */
  constructor(runMsMax: number) {
    this.workMsMax = Math.min(BATCH_WORK_MS, runMsMax * RUN_SHARE_MAX);
  }

  /** `items` that were encoded took `workMs`. */
  observe(tower: Tower, items: number, workMs: number): void {
    this.throughput[tower].observe(items, workMs);
  }

  /** How many items a second it works off when it is busy; undefined while nothing is known. */
  itemsPerSecond(tower: Tower): number | undefined {
    const items = this.throughput[tower].itemsIn(1_000);
    return Number.isFinite(items) ? items : undefined;
  }

  /** How many items make a batch of about 2 s: one at least, without bound while nothing is known. */
  itemsMax(tower: Tower): number {
    return Math.max(1, Math.floor(this.throughput[tower].itemsIn(this.workMsMax)));
  }
}

/** Says when a caller that was refused should come back, by how fast the pool works off items lately. */
export class RetryEstimator {
  private readonly throughput = new ThroughputEstimator(POOL_KEPT_SHARE);

  /** `busyMs` is what the batch cost the replica: its run, and what of its preparation no other run hid. */
  observe(items: number, busyMs: number): void {
    this.throughput.observe(items, busyMs);
  }

  /** Milliseconds until `replicas` have worked off `items`, between 0.1 s and 30 s; 1 s when nothing is known yet. */
  estimateMs(items: number, replicas: number): number {
    const workMs = this.throughput.msFor(items);
    if (workMs === undefined || replicas === 0) return RETRY_AFTER_MS_UNKNOWN;
    return Math.min(RETRY_AFTER_MS_MAX, Math.max(RETRY_AFTER_MS_MIN, Math.ceil(workMs / replicas)));
  }
}

import { LRUCache } from 'lru-cache';
import type { Clock } from '#core';

interface Bucket {
  failures: number;
  lastMs: number;
  blockedUntilMs: number;
}

const WAIT_FIRST_MS = 1000;
const WAIT_MS_MAX = 15 * 60_000;

/** A key without a failure for this long starts afresh. */
const FORGET_AFTER_MS = 60 * 60_000;

/**
 * Failures by key and the waits that follow from them, in bounded memory: the key whose last failure is oldest goes
 * first.
 */
export class FailureBuckets {
  private readonly buckets: LRUCache<string, Bucket>;

  constructor(
    private readonly clock: Clock,
    entriesMax: number,
  ) {
    this.buckets = new LRUCache({ max: entriesMax });
  }

  /** How long this key still has to wait, in milliseconds; 0 when it may try. */
  waitMs(key: string): number {
    const bucket = this.living(key);
    return bucket === undefined ? 0 : Math.max(0, bucket.blockedUntilMs - this.clock.now());
  }

  /** Counts a failure; from `freeFailures` on each doubles the wait. `undo` takes this one back, with its wait. */
  count(key: string, freeFailures: number): { undo: () => void } {
    const nowMs = this.clock.now();
    const bucket = this.living(key) ?? { failures: 0, lastMs: nowMs, blockedUntilMs: 0 };
    const before = bucket.blockedUntilMs;
    bucket.failures += 1;
    bucket.lastMs = nowMs;
    if (bucket.failures >= freeFailures) bucket.blockedUntilMs = nowMs + waitAfter(bucket.failures - freeFailures);
    const after = bucket.blockedUntilMs;
    this.buckets.set(key, bucket);
    const undo = (): void => {
      bucket.failures -= 1;
      if (bucket.blockedUntilMs === after) bucket.blockedUntilMs = before;
    };
    return { undo };
  }

  forget(key: string): void {
    this.buckets.delete(key);
  }

  private living(key: string): Bucket | undefined {
    const bucket = this.buckets.peek(key);
    return bucket !== undefined && this.clock.now() - bucket.lastMs < FORGET_AFTER_MS ? bucket : undefined;
  }
}

function waitAfter(failuresBeyond: number): number {
  return Math.min(WAIT_MS_MAX, WAIT_FIRST_MS * 2 ** failuresBeyond);
}

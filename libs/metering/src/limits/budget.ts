import type { RateLimitState } from './rate-limit.js';

/** One limit of one subject as this process sees it. Everything but `fetch` and `tick` is synchronous and local. */
export interface Budget {
  readonly limit: number;
  /** Sets a changed limit. What this process holds already stays until its window or lease ends. */
  setLimit(limit: number): void;
  /** Whether `amount` can be taken without asking anybody. */
  has(amount: number): boolean;
  /** Whether asking the database for more is known to be of no use now. */
  usedUp(): boolean;
  /** Takes `amount`. Calling the answer, instead of `end`, undoes that. */
  take(amount: number): () => void;
  /** Ends the work of a `take`, which frees its places where the limit is on what is in flight. */
  end(amount: number): void;
  /**
   * Asks the database for more, so that `amount` might be taken. Never rejects: an outage changes what `has` answers.
   */
  fetch(amount: number): Promise<void>;
  state(): RateLimitState;
  retryAfterMs(): number;
  /** Called about once a second: gives idle holdings back and renews the others. */
  tick(): Promise<void>;
  /** Whether nothing would be lost by forgetting this budget. */
  idle(): boolean;
  /** Gives everything back that is not in use. */
  stop(): Promise<void>;
}

const PARTS = 20;
const LEAST_PARTS = 200;
const SOON_MS = 1000;
const FACTOR_MAX = 4;

/**
 * How much of a limit to take from the database at a time: a 20th, doubled (up to a 5th) while chunks last less than a
 * second, so that queries stay few. Towards the end it takes at most a quarter of what is left, down to a 200th of the
 * limit, so that other processes get their part of the rest.
 */
export class ChunkSize {
  private factor = 1;
  private lastMs = Number.NEGATIVE_INFINITY;

  /** The next chunk, counted as taken at `nowMs` (monotonic). At least 1. */
  next(limit: number, left: number, nowMs: number): number {
    this.factor = nowMs - this.lastMs < SOON_MS ? Math.min(this.factor * 2, FACTOR_MAX) : 1;
    this.lastMs = nowMs;
    const wanted = Math.min((limit / PARTS) * this.factor, left / 4);
    return Math.max(1, Math.ceil(Math.max(wanted, limit / LEAST_PARTS)));
  }
}

const PARTS = 20;
const LEAST_PARTS = 200;
const SOON_MS = 1000;
const FACTOR_MAX = 4;

/**
 * How much of a limit to take from the database at a time: a 20th, doubled (up to a 5th) while chunks last less than a
 * second, so that queries stay few. Towards the end at most a quarter of what is left, down to a 200th of the limit, so
 * that other processes get their part of the rest.
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

import type { Clock, RequestTrace } from '#core';

/** Counts what a request found in the cache, and notes it in its trace. */
export class CacheNotes {
  private hits = 0;
  private shared = 0;
  private misses = 0;
  private endMs: number;
  private readonly startMs: number;

  constructor(private readonly clock: Clock) {
    this.startMs = clock.now();
    this.endMs = this.startMs;
  }

  /** Takes in a vector that was kept. */
  hit(): void {
    this.hits += 1;
    this.endMs = this.clock.now();
  }

  /** Takes in that an item waits for the run of another request. */
  share(): void {
    this.shared += 1;
  }

  /** Takes in that such a wait has ended. */
  shareEnded(): void {
    this.endMs = this.clock.now();
  }

  /** Takes in an item that is run for the request itself. */
  miss(): void {
    this.misses += 1;
  }

  /**
   * Adds a part `cache`, from the look-up until nothing waited for the run of another request any more. Nothing where
   * each item had a run of its own.
   */
  addTo(trace: RequestTrace): void {
    if (this.hits + this.shared === 0) return;
    const { startMs, endMs, hits, shared, misses } = this;
    const attributes = { 'clip.cache.hits': hits, 'clip.cache.shared': shared, 'clip.cache.misses': misses };
    trace.add({ name: 'cache', startMs, endMs, attributes });
  }
}

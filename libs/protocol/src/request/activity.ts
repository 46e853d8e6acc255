import type { Clock } from '#core';

/**
 * What is being worked on right now, so that a shutdown knows when connections carry nothing any more, and whether one
 * has begun, so that streams take no further requests.
 */
export class Activity {
  private running = 0;
  private quietSinceMs: number;
  private readonly stop = new AbortController();

  constructor(private readonly clock: Clock) {
    this.quietSinceMs = clock.now();
  }

  /** How long nothing has been under way, in milliseconds; 0 while something is. */
  get quietMs(): number {
    return this.running > 0 ? 0 : this.clock.now() - this.quietSinceMs;
  }

  /** Aborts when the shutdown begins. */
  get stopping(): AbortSignal {
    return this.stop.signal;
  }

  beginStop(): void {
    this.stop.abort();
  }

  /** Counts `work` as under way until it has ended, either way. */
  async during<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    this.begin();
    try {
      return await work();
    } finally {
      this.end();
    }
  }

  /** Something is under way, until `end`. */
  begin(): void {
    this.running += 1;
  }

  /** See `begin`. */
  end(): void {
    this.running -= 1;
    this.quietSinceMs = this.clock.now();
  }
}

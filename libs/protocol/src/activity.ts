import type { Clock } from '#core';

/** What is being worked on right now, so that a shutdown knows when connections carry nothing any more. */
export class Activity {
  private running = 0;
  private quietSinceMs: number;

  constructor(private readonly clock: Clock) {
    this.quietSinceMs = clock.now();
  }

  /** How long nothing has been under way, in milliseconds; 0 while something is. */
  get quietMs(): number {
    return this.running > 0 ? 0 : this.clock.now() - this.quietSinceMs;
  }

  /** Counts `work` as under way until it has ended, either way. */
  async during<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    this.running += 1;
    try {
      return await work();
    } finally {
      this.running -= 1;
      this.quietSinceMs = this.clock.now();
    }
  }
}

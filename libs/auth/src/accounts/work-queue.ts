import { DomainError } from '#core';

/**
 * Runs a few heavy tasks at a time and lets a bounded number wait, first come first served: a flood of log-ins then
 * costs refusals instead of memory.
 */
export class WorkQueue {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly options: { readonly runningMax: number; readonly waitingMax: number }) {}

  /**
   * Runs `task` when its turn comes; its own failure passes through.
   *
   * @throws DomainError `unavailable` with a retry time, at once, when too many wait already
   */
  async run<T>(task: () => Promise<T>): Promise<T> {
    await this.turn();
    try {
      return await task();
    } finally {
      this.release();
    }
  }

  private async turn(): Promise<void> {
    if (this.running < this.options.runningMax) {
      this.running += 1;
      return;
    }
    if (this.waiting.length >= this.options.waitingMax) {
      throw new DomainError(
        'unavailable',
        'Too many people are logging in at this moment. Try again in a few seconds.',
        {
          internal: `${this.waiting.length} password hashes wait`,
          retryAfterMs: RETRY_AFTER_MS,
        },
      );
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Hands the place to the next in line, so that nobody who comes later can take it. */
  private release(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.running -= 1;
    else next();
  }
}

/** About the time in which a full queue of password hashes empties. */
const RETRY_AFTER_MS = 3000;

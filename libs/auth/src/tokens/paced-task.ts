import { DomainError, nextFlight, sleep, type Clock } from '#core';

/**
 * Runs work that many callers ask for, but rarely: one run at a time, starts at least `gapMs` apart. All who wait share
 * the next run. A run that has begun does not count for later callers, since it may have read already.
 */
export class PacedTask {
  /** Resolves, or rejects as the work does, after a run that starts after this call. */
  readonly run: () => Promise<void>;
  private startedMs = -Infinity;
  private readonly stopping = new AbortController();

  constructor(options: { readonly clock: Clock; readonly gapMs: number; readonly work: () => Promise<void> }) {
    const { clock, gapMs, work } = options;
    const { signal } = this.stopping;
    const waitForGap = async (): Promise<void> => {
      const waitMs = this.startedMs + gapMs - clock.now();
      if (waitMs > 0) await sleep(clock, waitMs, signal);
      signal.throwIfAborted();
      this.startedMs = clock.now();
    };
    this.run = nextFlight(work, waitForGap);
  }

  /** Whoever waits for a run that has not started gets `shutting_down`. */
  stop(): void {
    this.stopping.abort(new DomainError('shutting_down', 'The server is shutting down. Try again on another one.'));
  }
}

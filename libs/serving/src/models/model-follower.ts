import { type Clock, every, nextFlight, type Repetition } from '#core';
import type { Reconciler } from '#inference';
import type { DesiredModelStore } from './desired-model-store.js';

const POLL_MS = 500;

export interface ModelFollowerParts {
  readonly store: Pick<DesiredModelStore, 'changes' | 'newest'>;
  readonly reconciler: Pick<Reconciler, 'setDesired'>;
  readonly clock: Clock;
  /** How long a change of another process may go unseen; default 500 ms. */
  readonly pollMs?: number;
}

/**
 * Tells this process's reconciler which models should be served, within half a second of the change, whichever process
 * made it. While the database cannot be reached, the models that are served go on being served. A database that was
 * restored from a back-up is followed from its state.
 */
export class ModelFollower {
  /** The number of changes at the last poll that read them; undefined after one that failed. */
  private seen: number | undefined = 0;
  /** Polls at once; a caller that has just made a change need not wait for the next poll. */
  readonly poll = nextFlight(() => this.readChange());
  private polls: Repetition | undefined;
  private isOver = false;

  constructor(private readonly parts: ModelFollowerParts) {}

  /** Polls now, and again and again until `stop`. */
  async start(): Promise<void> {
    await this.poll();
    const { clock, pollMs = POLL_MS } = this.parts;
    // A database that is away is the tokens' to report; the next poll tries again.
    if (!this.isOver) this.polls ??= every(clock, pollMs, () => this.poll());
  }

  stop(): void {
    this.isOver = true;
    void this.polls?.stop();
  }

  private async readChange(): Promise<void> {
    try {
      const changes = await this.parts.store.changes();
      if (changes === this.seen) return;
      const newest = await this.parts.store.newest();
      this.seen = changes;
      if (newest && !this.isOver) this.parts.reconciler.setDesired(newest);
    } catch (error) {
      // What comes back may be a restored database, in which the same number is another change.
      this.seen = undefined;
      throw error;
    }
  }
}

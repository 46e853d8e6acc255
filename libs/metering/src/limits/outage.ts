import { type Clock, DomainError, withDeadline } from '#core';

const BETWEEN_TRIES_MS = 5000;
const WAIT_MS_MAX = 2000;

/** Is notified when the database goes away and comes back; each is called once per outage. */
export interface OutageListener {
  readonly onOutage?: (err: DomainError) => void;
  readonly onRecovery?: () => void;
}

/**
 * Stands between all budgets of a process and the database. While it is out of reach only one call in 5 seconds tries
 * it. A call that takes longer than 2 seconds counts as failed, since requests wait for it.
 */
export class Outage {
  private tryAtMs: number | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly listener: OutageListener = {},
  ) {}

  /** Whether the next `attempt` will reach for the database. */
  mayTry(): boolean {
    return this.tryAtMs === undefined || this.clock.now() >= this.tryAtMs;
  }

  /** Returns what `work` gives; undefined when it failed or was not tried. Never rejects. */
  async attempt<T extends object>(work: () => Promise<T>): Promise<T | undefined> {
    if (!this.mayTry()) return undefined;
    if (this.tryAtMs !== undefined) this.tryAtMs = this.clock.now() + BETWEEN_TRIES_MS;
    try {
      const result = await withDeadline(this.clock, WAIT_MS_MAX, work(), tooSlow);
      if (this.tryAtMs !== undefined) this.listener.onRecovery?.();
      this.tryAtMs = undefined;
      return result;
    } catch (err) {
      if (this.tryAtMs === undefined) this.listener.onOutage?.(DomainError.from(err));
      this.tryAtMs = this.clock.now() + BETWEEN_TRIES_MS;
      return undefined;
    }
  }
}

function tooSlow(): never {
  throw new DomainError('unavailable', 'The database is too slow.');
}

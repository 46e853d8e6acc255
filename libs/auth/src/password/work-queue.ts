import pLimit, { type LimitFunction } from 'p-limit';
import { DomainError } from '#core';

/**
 * Runs a few heavy tasks at a time and lets a bounded number wait, first come first served: a flood of log-ins then
 * costs refusals instead of memory.
 */
export class WorkQueue {
  private readonly limit: LimitFunction;

  constructor(private readonly options: { readonly runningMax: number; readonly waitingMax: number }) {
    this.limit = pLimit(options.runningMax);
  }

  /**
   * Runs `task` when its turn comes; its own failure passes through.
   *
   * @throws DomainError `unavailable` with a retry time, at once, when too many wait already
   */
  async run<T>(task: () => Promise<T>): Promise<T> {
    const { activeCount, pendingCount } = this.limit;
    const { runningMax, waitingMax } = this.options;
    if (activeCount >= runningMax && pendingCount >= waitingMax) throw tooMany(pendingCount);
    return this.limit(task);
  }
}

function tooMany(waiting: number): DomainError {
  return new DomainError('unavailable', 'Too many people are logging in at this moment. Try again in a few seconds.', {
    internal: `${waiting} password hashes wait`,
    retryAfterMs: RETRY_AFTER_MS,
  });
}

/** About the time in which a full queue of password hashes empties. */
const RETRY_AFTER_MS = 3000;

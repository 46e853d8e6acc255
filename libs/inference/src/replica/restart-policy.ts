/** When a replica that died comes back. */
export interface RestartPolicyOptions {
  readonly delayMsMin?: number;
  readonly delayMsMax?: number;
  /** A run that served this long was healthy: the next death counts as the first. */
  readonly healthyMs?: number;
}

/** How the run that just ended went. */
export interface EndedRun {
  /** How long it was ready; 0 when it died before that. */
  readonly servedMs: number;
  /** Whether it held a batch that had killed before: then the death says nothing about the replica. */
  readonly heldSuspect: boolean;
}

/**
 * Exponential backoff, 0.1 s to 10 s: a replica that dies again and again does not use up the machine, one that died
 * once is back at once. Deaths in the search for a poison item do not count, or one bad item would keep a model away
 * for seconds.
 */
export class RestartPolicy {
  private readonly delayMsMin: number;
  private readonly delayMsMax: number;
  private readonly healthyMs: number;
  private nextDelayMs: number;

  constructor({ delayMsMin = 100, delayMsMax = 10_000, healthyMs = 30_000 }: RestartPolicyOptions = {}) {
    this.delayMsMin = delayMsMin;
    this.delayMsMax = delayMsMax;
    this.healthyMs = healthyMs;
    this.nextDelayMs = delayMsMin;
  }

  /** How long to wait before the next start, in milliseconds. */
  delayAfter(run: EndedRun): number {
    if (run.heldSuspect) return this.delayMsMin;
    if (run.servedMs >= this.healthyMs) this.nextDelayMs = this.delayMsMin;
    const delayMs = this.nextDelayMs;
    this.nextDelayMs = Math.min(delayMs * 2, this.delayMsMax);
    return delayMs;
  }
}

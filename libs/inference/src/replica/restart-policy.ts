/** When a replica that died comes back. */
export interface RestartPolicyOptions {
  readonly delayMsMin?: number;
  readonly delayMsMax?: number;
  /** A life that served this long was a healthy one: the next death counts as the first. */
  readonly healthyMs?: number;
}

/** How the life that just ended went. */
export interface EndedLife {
  /** How long it was ready; 0 when it died before that. */
  readonly servedMs: number;
  /** Whether a batch that had killed before was aboard: then the death says nothing about the replica. */
  readonly suspectAboard: boolean;
}

/**
 * Exponential backoff, 0.1 s to 10 s: a replica that cannot live does not eat the machine, one that died once is back at
 * once. Deaths in the search for a poison item do not count, or one bad item would keep a model away for seconds.
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
  delayAfter(life: EndedLife): number {
    if (life.suspectAboard) return this.delayMsMin;
    if (life.servedMs >= this.healthyMs) this.nextDelayMs = this.delayMsMin;
    const delayMs = this.nextDelayMs;
    this.nextDelayMs = Math.min(delayMs * 2, this.delayMsMax);
    return delayMs;
  }
}

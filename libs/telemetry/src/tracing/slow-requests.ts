/** The share of requests that counts as slow. */
const SLOW_SHARE = 0.01;

/** How far one request moves the estimate, once many have come. */
const STEP = 0.05;

/** Most kinds of requests that are told apart; the words they are made of are bounded. */
const KINDS_MAX = 200;

/**
 * Finds the slowest 1 % of the requests of each kind, as they end, with one number a kind: an estimate of the time that
 * 99 % stay under. A slower request raises it by 99 steps, each other lowers it by one, so it rests where one in a
 * hundred is slower (stochastic approximation of a quantile, Robbins and Monro 1951). It follows a change of load in
 * about a hundred requests.
 *
 * @example if (slow.isSlow('grpc encode', durationMs)) keep();
 */
export class SlowRequests {
  private readonly estimates = new Map<string, { ms: number; count: number }>();

  /** Takes in a request and says whether it is among the slowest. The first of a kind is not. */
  isSlow(kind: string, durationMs: number): boolean {
    const estimate = this.estimates.get(kind);
    if (!estimate) {
      if (this.estimates.size < KINDS_MAX) this.estimates.set(kind, { ms: durationMs, count: 1 });
      return false;
    }
    estimate.count += 1;
    const step = Math.max(STEP, 1 / estimate.count);
    const isSlow = durationMs > estimate.ms;
    estimate.ms *= 1 + step * (isSlow ? 1 - SLOW_SHARE : -SLOW_SHARE);
    return isSlow;
  }
}

/**
 * So many a second on average, and as many at once after a pause.
 *
 * @example if (budget.take(clock.now())) log.info(line);
 */
export class RateBudget {
  private left: number;
  private sinceMs = 0;

  constructor(private readonly perSecond: number) {
    this.left = perSecond;
  }

  /** Takes one out of it at `nowMs` of any clock that only goes forward; false when there is none left. */
  take(nowMs: number): boolean {
    const gained = ((nowMs - this.sinceMs) * this.perSecond) / 1000;
    this.left = Math.min(this.perSecond, this.left + Math.max(0, gained));
    this.sinceMs = Math.max(this.sinceMs, nowMs);
    if (this.left < 1) return false;
    this.left -= 1;
    return true;
  }
}

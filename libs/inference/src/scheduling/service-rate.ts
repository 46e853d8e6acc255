/** Share of the newest batch in the average: about the last ten batches count. */
const NEWEST_SHARE = 0.2;
const RETRY_AFTER_MS_MIN = 100;
const RETRY_AFTER_MS_MAX = 30_000;
const RETRY_AFTER_MS_UNKNOWN = 1_000;

/** How fast one replica works off items lately, to tell a refused caller when to come back. */
export class ServiceRate {
  private itemMs: number | undefined;

  /** `busyMs` is what the batch cost the replica: its run, and what of its preparation no other run hid. */
  observe(items: number, busyMs: number): void {
    if (items === 0) return;
    const newest = busyMs / items;
    this.itemMs = this.itemMs === undefined ? newest : this.itemMs + NEWEST_SHARE * (newest - this.itemMs);
  }

  /** Milliseconds until `replicas` have worked off `items`, between 0.1 s and 30 s; 1 s when nothing is known yet. */
  estimateMs(items: number, replicas: number): number {
    if (this.itemMs === undefined || replicas === 0) return RETRY_AFTER_MS_UNKNOWN;
    const estimate = Math.ceil((items * this.itemMs) / replicas);
    return Math.min(RETRY_AFTER_MS_MAX, Math.max(RETRY_AFTER_MS_MIN, estimate));
  }
}

import type { Clock } from '#core';

const OVER_MS = 5_000;
const SAMPLE_EVERY_MS = 250;

/** How fast a count of bytes grows lately. */
export class TransferRate {
  private readonly samples: { readonly atMs: number; readonly bytes: number }[] = [];

  constructor(private readonly clock: Clock) {}

  /** So many bytes are there now. */
  observe(bytes: number): void {
    const atMs = this.clock.now();
    const last = this.samples.at(-1);
    if (last && atMs - last.atMs < SAMPLE_EVERY_MS) return;
    this.samples.push({ atMs, bytes });
    while (this.samples.length > 2 && atMs - (this.samples[0]?.atMs ?? atMs) > OVER_MS) this.samples.shift();
  }

  /** Bytes per second over the last five seconds; null before two observations that far apart that it can be told. */
  perSecond(): number | null {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    if (!first || !last || last.atMs <= first.atMs) return null;
    const tookMs = Math.max(last.atMs, this.clock.now()) - first.atMs;
    return Math.max(0, ((last.bytes - first.bytes) / tookMs) * 1000);
  }
}

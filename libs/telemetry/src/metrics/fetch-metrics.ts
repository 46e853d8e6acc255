import type { Counter, Histogram } from 'prom-client';
import type { Instruments } from './instruments.js';

/** Outgoing fetches of pictures. */
export class FetchMetrics {
  private readonly seconds: Histogram<'outcome'>;
  private readonly refused: Counter<'reason'>;

  constructor(instruments: Instruments) {
    this.seconds = instruments.durations('clip_fetch_duration_seconds', 'Fetches of pictures.', ['outcome']);
    this.refused = instruments.counter('clip_fetch_refused_total', 'Fetches that the policy refused.', ['reason']);
  }

  /** A fetch has ended; it was one of a picture from another server. */
  onFetch(outcome: 'ok' | 'failed' | 'refused' | 'timeout', durationMs: number): void {
    this.seconds.observe({ outcome }, durationMs / 1000);
  }

  /** `reason` is a bounded word. */
  onRefused(reason: string): void {
    this.refused.inc({ reason });
  }
}

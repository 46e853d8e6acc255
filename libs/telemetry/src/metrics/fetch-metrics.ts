import type { Counter, Histogram } from 'prom-client';
import type { Instruments } from './instruments.js';

/** A fetch of a picture that has ended. */
export interface FetchReading {
  readonly outcome: 'ok' | 'failed' | 'refused' | 'timeout';
  /** Why it was refused or failed: one of few words, where there is one. */
  readonly reason?: string;
  readonly durationMs: number;
}

/** Outgoing fetches of pictures. */
export class FetchMetrics {
  private readonly seconds: Histogram<'outcome'>;
  private readonly refused: Counter<'reason'>;

  constructor(instruments: Instruments) {
    this.seconds = instruments.durations('clip_fetch_duration_seconds', 'Fetches of pictures.', ['outcome']);
    this.refused = instruments.counter('clip_fetch_refused_total', 'Fetches that the policy refused.', ['reason']);
  }

  onFetch({ outcome, reason, durationMs }: FetchReading): void {
    this.seconds.observe({ outcome }, durationMs / 1000);
    if (outcome === 'refused') this.refused.inc({ reason: reason ?? 'other' });
  }
}

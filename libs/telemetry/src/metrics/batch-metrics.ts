import type { BatchReason } from '#core';
import type { Counter, Histogram } from 'prom-client';
import type { ExemplarHistogram, Instruments } from './instruments.js';

/** A batch that was answered. */
export interface BatchReading {
  readonly model: string;
  readonly tower: string;
  readonly size: number;
  /** The most items that it could have had. */
  readonly itemsMax: number;
  /** Why it was sent when it was. */
  readonly reason: BatchReason;
  readonly queueMs: number;
  readonly prepareMs: number;
  readonly runMs: number;
}

/** A wait, or a run, that a kept trace shows. */
export interface TracedTime {
  readonly model: string;
  readonly tower: string;
  readonly durationMs: number;
  readonly traceId: string;
}

const SIZE_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const FILL_BUCKETS = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1];

/** What the replicas were sent. */
export class BatchMetrics {
  private readonly sizes: Histogram<'model' | 'tower'>;
  private readonly fills: Histogram<'model' | 'tower'>;
  private readonly batches: Counter<'model' | 'tower' | 'reason'>;
  private readonly queueSeconds: ExemplarHistogram<'model' | 'tower'>;
  private readonly prepareSeconds: Histogram<'model' | 'tower'>;
  private readonly runSeconds: ExemplarHistogram<'model' | 'tower'>;

  constructor(instruments: Instruments) {
    const labels: ('model' | 'tower')[] = ['model', 'tower'];
    this.sizes = instruments.histogram(
      'clip_batch_size',
      'Items encoded in one run of the model.',
      labels,
      SIZE_BUCKETS,
    );
    this.fills = instruments.histogram(
      'clip_batch_fill_ratio',
      'Items of a batch over the most that it may have.',
      labels,
      FILL_BUCKETS,
    );
    this.batches = instruments.counter('clip_batches_total', 'Batches that were answered, by why they were sent.', [
      ...labels,
      'reason',
    ]);
    this.queueSeconds = instruments.durationsWithExemplars(
      'clip_queue_wait_seconds',
      'Longest wait in a batch.',
      labels,
    );
    this.prepareSeconds = instruments.durations(
      'clip_preprocess_seconds',
      'Decode and preprocess, or tokenize, of a batch.',
      labels,
    );
    this.runSeconds = instruments.durationsWithExemplars(
      'clip_inference_seconds',
      'The time that the model runs on a batch.',
      labels,
    );
  }

  onBatch(batch: BatchReading): void {
    const { model, tower, size, itemsMax, reason } = batch;
    const labels = { model, tower };
    this.sizes.observe(labels, size);
    this.fills.observe(labels, size / itemsMax);
    this.batches.inc({ model, tower, reason });
    this.queueSeconds.observe(labels, batch.queueMs / 1000);
    this.prepareSeconds.observe(labels, batch.prepareMs / 1000);
    this.runSeconds.observe(labels, batch.runMs / 1000);
  }

  onTracedWait({ model, tower, durationMs, traceId }: TracedTime): void {
    this.queueSeconds.exemplify({ model, tower }, durationMs / 1000, traceId);
  }

  onTracedRun({ model, tower, durationMs, traceId }: TracedTime): void {
    this.runSeconds.exemplify({ model, tower }, durationMs / 1000, traceId);
  }
}

import type { Counter } from 'prom-client';
import type { Instruments } from './instruments.js';

/** What the queue and the replicas of a model look like at this moment. */
export interface PoolReading {
  readonly model: string;
  readonly queueItems: number;
  readonly queueBytes: number;
  /** Calls with items in the queue. */
  readonly queueRequests: number;
  /** Age of the oldest waiting item, in milliseconds. */
  readonly queueAgeMs: number;
  readonly replicasUp: number;
  readonly replicas: number;
  /** The processes of the replicas. */
  readonly processes: readonly ProcessReading[];
}

/** The process of a replica. */
export interface ProcessReading {
  readonly replica: string;
  readonly device: string;
  /** Undefined where it cannot be read, or has not been yet. */
  readonly rssBytes: number | undefined;
}

/** A model that is served. */
export interface ModelReading {
  readonly model: string;
  readonly dimension: number;
  readonly imageSize: number;
  readonly contextLength: number;
}

/** Where the models of a process are read from; no model is served before both have some. */
export interface ModelSource {
  pools(): readonly PoolReading[];
  models(): readonly ModelReading[];
}

/** The models, their queues and their replicas. A model that is no longer served has no samples. */
export class PoolMetrics {
  private readonly restarts: Counter<'model'>;

  constructor(
    instruments: Instruments,
    private readonly source: ModelSource,
  ) {
    const show = (name: string, help: string, pick: (pool: PoolReading) => number): void =>
      instruments.gauge(name, help, ['model'], () =>
        source.pools().map((pool) => ({ labels: { model: pool.model }, value: pick(pool) })),
      );
    show('clip_queue_depth', 'Items waiting.', (pool) => pool.queueItems);
    show('clip_queue_bytes', 'Bytes waiting.', (pool) => pool.queueBytes);
    show('clip_requests_queued', 'Calls with items that wait.', (pool) => pool.queueRequests);
    show('clip_queue_age_seconds', 'Age of the oldest waiting item.', (pool) => pool.queueAgeMs / 1000);
    show('clip_replica_up', 'Replicas that serve.', (pool) => pool.replicasUp);
    show('clip_replicas', 'Replicas that should serve.', (pool) => pool.replicas);
    instruments.gauge(
      'clip_replica_memory_bytes',
      "Resident memory of a replica's process.",
      ['model', 'replica', 'device'],
      () => this.memory(),
    );
    instruments.gauge(
      'clip_model_info',
      'The models that are served; always 1.',
      ['model', 'dimension', 'image_size', 'context_length'],
      () => this.models(),
    );
    this.restarts = instruments.counter('clip_replica_restarts_total', 'Replicas that died and were started again.', [
      'model',
    ]);
  }

  onRestart(model: string): void {
    this.restarts.inc({ model });
  }

  private memory() {
    return this.source
      .pools()
      .flatMap(({ model, processes }) =>
        processes.flatMap(({ replica, device, rssBytes }) =>
          rssBytes === undefined ? [] : [{ labels: { model, replica, device }, value: rssBytes }],
        ),
      );
  }

  private models() {
    return this.source.models().map(({ model, dimension, imageSize, contextLength }) => ({
      labels: {
        model,
        dimension: String(dimension),
        image_size: String(imageSize),
        context_length: String(contextLength),
      },
      value: 1,
    }));
  }
}

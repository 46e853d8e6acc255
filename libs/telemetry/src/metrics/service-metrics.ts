import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** What the queue and the replicas of a model look like at this moment. */
export interface PoolReading {
  model: string;
  queueItems: number;
  queueBytes: number;
  /** Age of the oldest waiting item, in milliseconds. */
  queueAgeMs: number;
  replicasUp: number;
  replicas: number;
}

const REQUEST_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** The instruments of `/metrics`. Labels are bounded words, never an id of a caller. */
export class ServiceMetrics {
  readonly registry = new Registry();
  private readonly requests = this.counter('clip_requests_total', 'Finished requests.', [
    'protocol',
    'operation',
    'outcome',
  ]);
  private readonly refused = this.counter(
    'clip_refused_callers_total',
    'Callers refused before their request was read.',
    ['protocol', 'reason'],
  );
  private readonly refusedConnections = this.counter(
    'clip_refused_connections_total',
    'Connections refused since there were too many.',
    [],
  );
  private readonly items = this.counter('clip_items_total', 'Items of finished requests.', ['protocol', 'operation']);
  private readonly requestSeconds = this.histogram(
    'clip_request_duration_seconds',
    'From arrival to answer.',
    REQUEST_BUCKETS_S,
    ['protocol', 'operation'],
  );
  private readonly batchSize = this.histogram(
    'clip_batch_size',
    'Items encoded in one run of the model.',
    BATCH_BUCKETS,
    ['model', 'tower'],
  );
  private readonly queueSeconds = this.histogram(
    'clip_queue_wait_seconds',
    'Longest wait in a batch.',
    REQUEST_BUCKETS_S,
    ['model', 'tower'],
  );
  private readonly prepareSeconds = this.histogram(
    'clip_preprocess_seconds',
    'Decode and preprocess, or tokenize, of a batch.',
    REQUEST_BUCKETS_S,
    ['model', 'tower'],
  );
  private readonly runSeconds = this.histogram(
    'clip_inference_seconds',
    'The time that the model runs on a batch.',
    REQUEST_BUCKETS_S,
    ['model', 'tower'],
  );
  private readonly restarts = this.counter(
    'clip_replica_restarts_total',
    'Replicas that died and were started again.',
    ['model'],
  );
  private readonly cacheHits = this.counter('clip_cache_hits_total', 'Items answered from the cache of vectors.', [
    'model',
    'modality',
  ]);
  private readonly cacheMisses = this.counter(
    'clip_cache_misses_total',
    'Items that were not in the cache of vectors.',
    ['model', 'modality'],
  );
  private readonly cacheBytes = new Gauge({
    name: 'clip_cache_bytes',
    help: 'Memory of the vectors that are kept.',
    registers: [this.registry],
  });

  constructor(readPools: () => PoolReading[]) {
    collectDefaultMetrics({ register: this.registry });
    this.pooled('clip_queue_depth', 'Items waiting.', readPools, (pool) => pool.queueItems);
    this.pooled('clip_queue_bytes', 'Bytes waiting.', readPools, (pool) => pool.queueBytes);
    this.pooled(
      'clip_queue_age_seconds',
      'Age of the oldest waiting item.',
      readPools,
      (pool) => pool.queueAgeMs / 1000,
    );
    this.pooled('clip_replica_up', 'Replicas that serve.', readPools, (pool) => pool.replicasUp);
    this.pooled('clip_replicas', 'Replicas that should serve.', readPools, (pool) => pool.replicas);
  }

  onRequest(request: {
    protocol: string;
    operation: string;
    outcome: string;
    items: number;
    durationMs: number;
  }): void {
    const { protocol, operation, outcome } = request;
    this.requests.inc({ protocol, operation, outcome });
    this.items.inc({ protocol, operation }, request.items);
    this.requestSeconds.observe({ protocol, operation }, request.durationMs / 1000);
  }

  onRefusedCaller(protocol: string, reason: string): void {
    this.refused.inc({ protocol, reason });
  }

  onRefusedConnection(): void {
    this.refusedConnections.inc();
  }

  /** Shows the bytes of all messages under way, which `read` gives whenever the metrics are read. */
  followBytesInFlight(read: () => number): void {
    this.followed('clip_in_flight_bytes', 'Memory of all messages under way.', read);
  }

  /** Shows the open connections, which `read` gives whenever the metrics are read. */
  followConnections(read: () => number): void {
    this.followed('clip_connections', 'Connections that are open.', read);
  }

  /** Shows whether the database can be asked, whenever the metrics are read. */
  followDatabase(isUp: () => boolean): void {
    const gauge: Gauge = new Gauge({
      name: 'clip_database_up',
      help: 'Whether the database can be asked.',
      registers: [this.registry],
      collect: () => gauge.set(isUp() ? 1 : 0),
    });
  }

  onBatch(
    model: string,
    batch: { tower: string; size: number; queueMs: number; prepareMs: number; runMs: number },
  ): void {
    const labels = { model, tower: batch.tower };
    this.batchSize.observe(labels, batch.size);
    this.queueSeconds.observe(labels, batch.queueMs / 1000);
    this.prepareSeconds.observe(labels, batch.prepareMs / 1000);
    this.runSeconds.observe(labels, batch.runMs / 1000);
  }

  onRestart(model: string): void {
    this.restarts.inc({ model });
  }

  onCacheHit(model: string, modality: string): void {
    this.cacheHits.inc({ model, modality });
  }

  onCacheMiss(model: string, modality: string): void {
    this.cacheMisses.inc({ model, modality });
  }

  onCacheBytes(bytes: number): void {
    this.cacheBytes.set(bytes);
  }

  private counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private histogram<Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: Label[],
  ): Histogram<Label> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }

  private followed(name: string, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({ name, help, registers: [this.registry], collect: () => gauge.set(read()) });
  }

  private pooled(
    name: string,
    help: string,
    readPools: () => PoolReading[],
    pick: (pool: PoolReading) => number,
  ): void {
    const gauge: Gauge<'model'> = new Gauge({
      name,
      help,
      labelNames: ['model'],
      registers: [this.registry],
      collect: () => {
        gauge.reset(); // a model that is no longer served leaves no last reading behind
        for (const pool of readPools()) gauge.set({ model: pool.model }, pick(pool));
      },
    });
  }
}

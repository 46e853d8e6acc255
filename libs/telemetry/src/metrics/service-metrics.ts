import { collectDefaultMetrics } from 'prom-client';
import { BatchMetrics } from './batch-metrics.js';
import { CacheMetrics } from './cache-metrics.js';
import { DeviceMetrics } from './device-metrics.js';
import { FetchMetrics } from './fetch-metrics.js';
import { HealthMetrics } from './health-metrics.js';
import { Instruments } from './instruments.js';
import { PoolMetrics, type ModelSource } from './pool-metrics.js';
import { RequestMetrics } from './request-metrics.js';
import { TelemetryMetrics } from './telemetry-metrics.js';

/**
 * The instruments of `/metrics`, by subject. Each process has its own.
 *
 * @example
 * const metrics = new ServiceMetrics(source);
 * metrics.requests.onRequest({ protocol: 'http', operation: 'rank', outcome: 'ok', items: 4, durationMs: 20 });
 */
export class ServiceMetrics {
  private readonly instruments = new Instruments();
  readonly registry = this.instruments.registry;
  readonly requests = new RequestMetrics(this.instruments);
  readonly batches = new BatchMetrics(this.instruments);
  readonly pools: PoolMetrics;
  readonly devices = new DeviceMetrics(this.instruments);
  readonly fetches = new FetchMetrics(this.instruments);
  readonly cache = new CacheMetrics(this.instruments);
  readonly health = new HealthMetrics(this.instruments);
  readonly telemetry = new TelemetryMetrics(this.instruments);

  constructor(models: ModelSource) {
    this.pools = new PoolMetrics(this.instruments, models);
    collectDefaultMetrics({ register: this.registry });
  }
}

import { type Clock, systemClock } from '#core';
import { BatchMetrics } from './batch-metrics.js';
import { CacheMetrics } from './cache-metrics.js';
import { DeviceMetrics } from './device-metrics.js';
import type { DelayReading } from './event-loop-delay.js';
import { metricsPage, type MetricsPage } from './exposition.js';
import { FetchMetrics } from './fetch-metrics.js';
import { HealthMetrics } from './health-metrics.js';
import { Instruments } from './instruments.js';
import { startMetricExport, type MetricExportOptions } from './metric-export.js';
import { PoolMetrics, type ModelSource } from './pool-metrics.js';
import { RequestMetrics } from './request-metrics.js';
import { RuntimeMetrics } from './runtime-metrics.js';
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

  private readonly runtime: RuntimeMetrics;

  /** @param clock times the event loop, until `close` */
  constructor(models: ModelSource, clock: Clock = systemClock) {
    this.pools = new PoolMetrics(this.instruments, models);
    this.runtime = new RuntimeMetrics(this.instruments, clock);
  }

  /** All of them, in the form that the header `accept` asks for. */
  page(accept?: string): Promise<MetricsPage> {
    return metricsPage(this.registry, accept);
  }

  /** How late the event loop was in the last 30 s; undefined at the very start. */
  eventLoopDelay(): DelayReading | undefined {
    return this.runtime.delayNow();
  }

  /** Sends them somewhere, too; returns what ends that, within two seconds. */
  export(options: MetricExportOptions): Promise<() => Promise<void>> {
    return startMetricExport(this.registry, options);
  }

  close(): void {
    this.runtime.close();
  }
}

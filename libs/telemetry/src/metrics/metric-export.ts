import type { PushMetricExporter, MetricProducer } from '@opentelemetry/sdk-metrics';
import type { Registry } from 'prom-client';
import { type Clock, withDeadline } from '#core';
import { serviceResource } from '../resource/service-resource.js';
import { toMetricData } from './metric-data.js';

/** Where metrics are sent beside `/metrics`, and how often. */
export interface MetricExportOptions {
  /** None: nothing is sent. */
  readonly exporters: readonly ('otlp' | 'console')[];
  readonly protocol: 'grpc' | 'http/protobuf' | 'http/json';
  readonly intervalMs: number;
  /** How long one export may take; at most the interval. */
  readonly timeoutMs: number;
  /** Of this service. */
  readonly version: string;
  readonly clock: Clock;
  /** Metrics cannot be sent for now (the reason), or can be again (undefined). Is called at each change. */
  onExportState(err: unknown): void;
}

/** How long the end of the process may wait for the collector, in milliseconds. */
const CLOSE_MS = 2_000;

/**
 * Sends the instruments of `registry` to a collector every `intervalMs`. They are the same that `/metrics` shows: each
 * is counted once, and read at each export. One export is under way at a time, so a collector that is dead or slow
 * costs the memory of one. The exporters read their endpoint, headers and the like from OpenTelemetry's standard
 * variables. Temporality is cumulative, whatever they prefer. Returns what sends the last values and ends it all,
 * within two seconds; it never rejects.
 */
export async function startMetricExport(
  registry: Registry,
  options: MetricExportOptions,
): Promise<() => Promise<void>> {
  const { exporters: names, clock, intervalMs, version } = options;
  if (names.length === 0) return () => Promise.resolve();
  const { MeterProvider, PeriodicExportingMetricReader, ...enums } = await import('@opentelemetry/sdk-metrics');
  const { hrTime } = await import('@opentelemetry/core');
  const resource = await serviceResource(version);
  const startTime = hrTime();
  const scope = { name: 'clip-as-service', version };
  const producer: MetricProducer = {
    collect: async () => {
      const read = await registry.getMetricsAsJSON();
      const period = { startTime, endTime: hrTime() };
      const metrics = read.filter(({ values }) => values.length > 0).map((one) => toMetricData(one, period, enums));
      return { resourceMetrics: { resource, scopeMetrics: [{ scope, metrics }] }, errors: [] };
    },
  };
  const exporters = await Promise.all(names.map((name) => createExporter(name, options.protocol)));
  const provider = new MeterProvider({
    resource,
    readers: exporters.map(
      (exporter) =>
        new PeriodicExportingMetricReader({
          exporter: reporting(exporter, options.onExportState),
          exportIntervalMillis: intervalMs,
          exportTimeoutMillis: Math.min(options.timeoutMs, intervalMs),
          metricProducers: [producer],
        }),
    ),
  });
  return () =>
    withDeadline(
      clock,
      CLOSE_MS,
      provider.shutdown().catch(() => undefined),
      () => undefined,
    );
}

async function createExporter(
  name: 'otlp' | 'console',
  protocol: MetricExportOptions['protocol'],
): Promise<PushMetricExporter> {
  if (name === 'console') return new (await import('@opentelemetry/sdk-metrics')).ConsoleMetricExporter();
  const { OTLPMetricExporter } =
    protocol === 'grpc'
      ? await import('@opentelemetry/exporter-metrics-otlp-grpc')
      : protocol === 'http/json'
        ? await import('@opentelemetry/exporter-metrics-otlp-http')
        : await import('@opentelemetry/exporter-metrics-otlp-proto');
  return new OTLPMetricExporter();
}

/** The same exporter; `onState` hears when it begins to fail and when it has recovered. */
function reporting(exporter: PushMetricExporter, onState: (err: unknown) => void): PushMetricExporter {
  let isFailing = false;
  return {
    export: (metrics, done) =>
      exporter.export(metrics, (result) => {
        const failed = result.code !== 0; // ExportResultCode.SUCCESS
        if (failed !== isFailing) onState(failed ? (result.error ?? new Error('the exporter failed')) : undefined);
        isFailing = failed;
        done(result);
      }),
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
}

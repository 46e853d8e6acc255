import type { OpenTelemetrySettings, Settings } from '#config';
import { packageVersion, reasonOf, systemClock } from '#core';
import { startTracing, type Log, type ServiceMetrics, type Tracing, type TraceSink } from '#telemetry';

/** What the tracing of a process is made of. */
export interface TracingParts {
  readonly settings: Settings;
  readonly openTelemetry: OpenTelemetrySettings;
  readonly metrics: ServiceMetrics;
  /** Get the traces that are kept. */
  readonly sinks: readonly TraceSink[];
  readonly log: Log;
}

/** Starts to trace requests as the settings say; undefined where they turn it off. */
export async function openTracing(parts: TracingParts): Promise<Tracing | undefined> {
  const { settings, openTelemetry: otel, metrics, sinks, log } = parts;
  if (otel.OTEL_SDK_DISABLED) return undefined;
  return startTracing({
    clock: systemClock,
    sampler: otel.OTEL_TRACES_SAMPLER,
    ratio: otel.OTEL_TRACES_SAMPLER_ARG,
    propagators: otel.OTEL_PROPAGATORS,
    exporters: exportersOf(otel),
    protocol: otel.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? otel.OTEL_EXPORTER_OTLP_PROTOCOL,
    queueMax: otel.OTEL_BSP_MAX_QUEUE_SIZE,
    batchMax: otel.OTEL_BSP_MAX_EXPORT_BATCH_SIZE,
    delayMs: otel.OTEL_BSP_SCHEDULE_DELAY,
    timeoutMs: otel.OTEL_BSP_EXPORT_TIMEOUT,
    genAi: settings.traceGenAi,
    version: packageVersion(),
    sinks,
    onEnded: (kept) => metrics.telemetry.onTrace(kept),
    onDropped: (where, spans) => metrics.telemetry.onTraceDropped(where, spans),
    onExportState: (err) =>
      err === undefined
        ? log.info('traces can be sent again')
        : log.warn({ reason: reasonOf(err) }, 'traces cannot be sent; what has no room is dropped'),
    onFailure: (err) => log.error({ err }, 'a trace could not be kept'),
  });
}

/** Nothing is sent unless somebody says where to. */
function exportersOf(otel: OpenTelemetrySettings): ('otlp' | 'console')[] {
  const endpoint = otel.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? otel.OTEL_EXPORTER_OTLP_ENDPOINT;
  const names = otel.OTEL_TRACES_EXPORTER ?? (endpoint === undefined ? [] : (['otlp'] as const));
  return names.filter((name) => name !== 'none');
}

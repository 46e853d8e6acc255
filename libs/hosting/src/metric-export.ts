import type { OpenTelemetrySettings } from '#config';
import { packageVersion, reasonOf, systemClock } from '#core';
import type { Log, ServiceMetrics } from '#telemetry';

/** What the sending of metrics is made of. */
export interface MetricExportParts {
  readonly openTelemetry: OpenTelemetrySettings;
  readonly metrics: ServiceMetrics;
  readonly log: Log;
}

/**
 * Begins to send the metrics where the settings say so. Returns what sends the last ones and ends that, within two
 * seconds; it never rejects.
 */
export function openMetricExport({
  openTelemetry: otel,
  metrics,
  log,
}: MetricExportParts): Promise<() => Promise<void>> {
  return metrics.export({
    exporters: exportersOf(otel),
    protocol: otel.OTEL_EXPORTER_OTLP_METRICS_PROTOCOL ?? otel.OTEL_EXPORTER_OTLP_PROTOCOL,
    intervalMs: otel.OTEL_METRIC_EXPORT_INTERVAL,
    timeoutMs: otel.OTEL_METRIC_EXPORT_TIMEOUT,
    version: packageVersion(),
    clock: systemClock,
    onExportState: (err) =>
      err === undefined
        ? log.info('metrics can be sent again')
        : log.warn({ reason: reasonOf(err) }, 'metrics cannot be sent; the next try has all that is missed'),
  });
}

/** `/metrics` is what `prometheus` means. */
function exportersOf(otel: OpenTelemetrySettings): ('otlp' | 'console')[] {
  if (otel.OTEL_SDK_DISABLED) return [];
  return otel.OTEL_METRICS_EXPORTER.filter((name) => name === 'otlp' || name === 'console');
}

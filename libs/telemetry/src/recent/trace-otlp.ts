import { parseJson } from '#core';
import { toReadableSpan } from '../tracing/readable-span.js';
import type { TraceRecord } from '../tracing/records.js';

/**
 * Makes of requests the JSON of OTLP (`ExportTraceServiceRequest`), which Jaeger and collectors load: one resource for
 * each process that served, by its host's name.
 *
 * @param version that of this service
 */
export async function traceToOtlp(traces: readonly TraceRecord[], version: string): Promise<object> {
  const [{ JsonTraceSerializer }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/otlp-transformer'),
    import('@opentelemetry/resources'),
  ]);
  const scope = { name: 'clip-as-service', version };
  const resources = new Map<string, ReturnType<typeof resourceFromAttributes>>();
  const spans = traces.flatMap(({ pod, spans: records }) => {
    const resource =
      resources.get(pod) ?? resourceFromAttributes({ 'service.name': 'clip-as-service', 'host.name': pod });
    resources.set(pod, resource);
    return records.map((record) => toReadableSpan(record, resource, scope));
  });
  const bytes = JsonTraceSerializer.serializeRequest(spans);
  const json = bytes === undefined ? undefined : parseJson(new TextDecoder().decode(bytes));
  return typeof json === 'object' && json !== null ? json : { resourceSpans: [] };
}

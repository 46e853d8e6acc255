import type { ServiceMetrics, SpanRecord, TraceSink } from '#telemetry';

/** Names the traces that are kept as examples in the histograms of the metrics. */
export function exemplarSink({ requests, batches }: ServiceMetrics): TraceSink {
  return {
    onTrace(trace) {
      requests.onTrace(trace);
      for (const [at, wait] of trace.spans.entries()) {
        const run = trace.spans[at + 1]; // follows the wait for it
        if (wait.name !== 'queue' || run?.name !== 'run') continue;
        const { 'clip.model': model, 'clip.tower': tower } = run.attributes;
        const labels = { model: String(model), tower: String(tower) };
        batches.onTracedWait({ ...labels, durationMs: durationMs(wait), traceId: trace.traceId });
      }
    },
    onBatch({ model, tower, batchId, spans }) {
      const run = spans.find(({ name }) => name === 'run');
      if (run) batches.onTracedRun({ model, tower, durationMs: durationMs(run), traceId: batchId });
    },
  };
}

function durationMs({ startMs, endMs }: SpanRecord): number {
  return endMs - startMs;
}

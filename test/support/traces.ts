import { randomId } from '#core';
import type { BatchRecord, SpanRecord, TraceRecord } from '#telemetry';

/** When a trace of `buildTrace` begins unless it is said otherwise. */
export const TRACED_AT_MS = Date.UTC(2026, 0, 31, 12);

/** A span of 2 ms with the attributes that a request of a real service has. */
export function buildSpan(changes: Partial<SpanRecord> = {}): SpanRecord {
  return {
    ...{ name: 'queue', kind: 'internal', traceId: randomId(16), spanId: randomId(8), parentSpanId: undefined },
    ...{ startMs: TRACED_AT_MS + 0.125, endMs: TRACED_AT_MS + 2.125, links: [], error: undefined },
    attributes: { 'clip.model': 'mini-clip', 'clip.items': 3, 'clip.replicas_ready': 1 },
    ...changes,
  };
}

const RIDE = (batchId: string) => ({
  ...{ 'clip.replica': 'mini-clip/0', 'clip.device': 'cpu', 'clip.batch.id': batchId, 'clip.items': 3 },
  ...{ 'clip.batch.items': 6, 'clip.batch.items_max': 32 },
});

/** A finished request with six spans; ids are new ones. */
export function buildTrace(changes: Partial<TraceRecord> = {}): TraceRecord {
  const { traceId = randomId(16), startedAtMs = TRACED_AT_MS, durationMs = 12.5 } = changes;
  const root = buildSpan({
    ...{ name: 'POST /v1/embeddings', kind: 'server', traceId, startMs: startedAtMs, endMs: startedAtMs + durationMs },
    attributes: { 'http.request.method': 'POST', 'url.path': '/v1/embeddings', 'http.response.status_code': 200 },
  });
  const batch = { traceId: randomId(16), spanId: randomId(8), sampled: true };
  const parts = ['authenticate', 'fetch', 'queue', 'prepare', 'run'].map((name) =>
    buildSpan({
      ...{ name, traceId, parentSpanId: root.spanId, startMs: startedAtMs + 1.5, endMs: startedAtMs + 3.25 },
      ...(name === 'run' ? { links: [batch], attributes: RIDE(batch.traceId) } : {}),
    }),
  );
  return {
    ...{ traceId, requestId: randomId(16), pod: 'pod-1', startedAtMs, durationMs, protocol: 'http' },
    ...{ operation: 'embeddings', model: 'mini-clip', outcome: 'ok', principalId: 'token-1', items: 3 },
    ...{ kept: 'sampled', batchIds: [batch.traceId], spans: [root, ...parts] },
    ...changes,
  };
}

/** An attempt at a batch in which `riders` rode. */
export function buildBatch(riders: readonly TraceRecord[] = [buildTrace()], changes: Partial<BatchRecord> = {}) {
  const batchId = randomId(16);
  const links = riders.map(({ traceId, spans }) => ({ traceId, spanId: spans.at(-1)!.spanId, sampled: true }));
  const batch: BatchRecord = {
    ...{
      batchId,
      pod: 'pod-1',
      startedAtMs: TRACED_AT_MS,
      durationMs: 4.5,
      model: 'mini-clip',
      replica: 'mini-clip/0',
    },
    ...{ device: 'cpu', tower: 'textual', items: 3 * riders.length, itemsMax: 32, bytes: 96, tokensMax: 7, attempt: 1 },
    reason: 'idle_replica',
    riders: riders.map(({ requestId, traceId, items }) => ({ requestId, traceId, items })),
    spans: ['batch', 'prepare', 'run'].map((name) => buildSpan({ name, traceId: batchId, links })),
    ...changes,
  };
  return batch;
}

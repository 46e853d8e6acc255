import type { TokenRecord } from '#auth';
import { DomainError } from '#core';
import {
  summaryOf,
  type BatchRecord,
  type SpanRecord,
  type TraceOrigin,
  type TraceRecord,
  type TraceSummary,
} from '#telemetry';
import type { BatchView, RiderView } from './batch.dto.js';
import type { SpanView, TraceSourceView, TraceSummaryView, TraceView } from './trace.dto.js';

/** The names of tokens by their ids. */
export type TokenNames = ReadonlyMap<string, string>;

/** Makes the names of what `tokens` lists. */
export function tokenNames(tokens: readonly TokenRecord[]): TokenNames {
  return new Map(tokens.map(({ id, name }) => [id, name]));
}

/** Shows a request without its spans. */
export function toSummaryView(trace: TraceSummary, names: TokenNames): TraceSummaryView {
  const { principalId: tokenId, model = null, ride, ...rest } = trace;
  return {
    ...{ ...rest, model, tokenId, tokenName: names.get(tokenId) ?? null },
    ...{ queueMs: ride?.queueMs ?? null, replica: ride?.replica ?? null, device: ride?.device ?? null },
    ...{ batchItems: ride?.items ?? null, batchItemsMax: ride?.itemsMax ?? null },
  };
}

/** Shows a request with all that is known of it. */
export function toTraceView(trace: TraceRecord, names: TokenNames): TraceView {
  const { batchIds, spans } = trace;
  return { ...toSummaryView(summaryOf(trace), names), batchIds, spans: spans.map(toSpanView) };
}

/** Shows a batch with those of its riders for which `isShown` holds; the others are counted, and nothing names them. */
export function toBatchView(batch: BatchRecord, isShown: (rider: RiderView) => boolean): BatchView {
  const { itemsMax = null, tokensMax = null, error = null, ...rest } = batch;
  const riders = batch.riders.filter(isShown);
  const others = batch.riders.filter((rider) => !isShown(rider));
  const traceIds = new Set(riders.map(({ traceId }) => traceId));
  return {
    ...{ ...rest, itemsMax, tokensMax, error, riders },
    others: { requests: others.length, items: others.reduce((sum, { items }) => sum + items, 0) },
    spans: batch.spans.map((span) =>
      toSpanView({ ...span, links: span.links.filter(({ traceId }) => traceIds.has(traceId)) }),
    ),
  };
}

/** Shows where was looked. */
export function toSourceViews(sources: readonly TraceOrigin[]): TraceSourceView[] {
  return sources.map(({ kind, pod = null, asked, reason = null }) => ({ kind, pod, asked, reason }));
}

/** The failure for an id that leads to nothing here, with what could not be asked. */
export function notFound(what: string, sources: readonly TraceOrigin[]): DomainError {
  const reasons = sources.flatMap(({ reason }) => reason ?? []);
  const why = 'It may not have been kept, or may have been let go to make room for newer ones.';
  return new DomainError('not_found', [`There is no ${what} with this id.`, why, ...reasons].join(' '));
}

function toSpanView({ name, kind, spanId, parentSpanId, startMs, endMs, attributes, ...rest }: SpanRecord): SpanView {
  return {
    ...{ name, kind, spanId, parentSpanId: parentSpanId ?? null, startMs, endMs, attributes },
    links: rest.links.map(({ traceId, spanId: linked }) => ({ traceId, spanId: linked })),
    error: rest.error ?? null,
  };
}

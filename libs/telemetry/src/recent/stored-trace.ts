import { z } from 'zod';
import { parseJson } from '#core';
import type { TraceRecord } from '../tracing/records.js';
import { compactSpans, compactSpansSchema, expandSpans, inMicroseconds } from './span-json.js';

/** A finished request without its spans: what traces are searched by, and shown as in a list. */
export interface TraceSummary extends Omit<TraceRecord, 'spans' | 'batchIds'> {
  /** The id of the request's own span. Several requests may belong to one trace. */
  readonly spanId: string;
}

/** A trace as it is kept: searched by its summary, the rest as a text. */
export interface StoredTrace {
  readonly summary: TraceSummary;
  /** JSON. */
  readonly detail: string;
}

/** What no other request has: its trace and its own span in it. */
export function traceKey({ traceId, spanId }: Pick<TraceSummary, 'traceId' | 'spanId'>): string {
  return `${traceId}-${spanId}`;
}

/**
 * Makes of a finished request what is kept of it, in some microseconds. The texts are copies: an id that was cut out of
 * a longer text would keep all of that in memory.
 */
export function storeTrace(record: TraceRecord): StoredTrace {
  const { traceId, spans, batchIds, model } = record;
  const startedAtMs = Math.floor(record.startedAtMs);
  return {
    // Written out: copying a record and changing the copy takes ten times as long.
    summary: {
      traceId: copyOf(traceId),
      spanId: copyOf(spans[0]?.spanId ?? ''),
      requestId: copyOf(record.requestId),
      pod: record.pod,
      startedAtMs,
      durationMs: inMicroseconds(record.durationMs),
      protocol: record.protocol,
      operation: record.operation,
      model: model === undefined ? undefined : copyOf(model),
      outcome: record.outcome,
      principalId: record.principalId,
      items: record.items,
      kept: record.kept,
    },
    detail: JSON.stringify({ batchIds, spans: compactSpans(spans, { traceId, startedAtMs }) }),
  };
}

const detailSchema = z.object({ batchIds: z.array(z.string()), spans: compactSpansSchema });

/** Gives the request back, without spans where another version of the service has written what this one cannot read. */
export function traceOf({ summary, detail }: StoredTrace): TraceRecord {
  const { spanId: _, ...rest } = summary;
  const { data } = detailSchema.safeParse(parseJson(detail));
  return { ...rest, batchIds: data?.batchIds ?? [], spans: expandSpans(data?.spans ?? [], summary) };
}

function copyOf(text: string): string {
  return Buffer.from(text).toString();
}

import { z } from 'zod';
import { parseJson } from '#core';
import type { SpanRecord, TraceRecord } from '../tracing/records.js';
import { compactSpans, compactSpansSchema, expandSpans, inMicroseconds } from './span-json.js';

/** A finished request without its spans: what traces are searched by, and shown as in a list. */
export interface TraceSummary extends Omit<TraceRecord, 'spans' | 'batchIds'> {
  /** The id of the request's own span. Several requests may belong to one trace. */
  readonly spanId: string;
  /** The longest run of a batch that it rode in, and its longest wait for one; undefined when it rode in none. */
  readonly ride: RideSummary | undefined;
}

/** What a search sees of the batches of a request. */
export interface RideSummary {
  /** The longest wait of its items in the queue. */
  readonly queueMs: number;
  readonly replica: string;
  readonly device: string;
  /** Items of the whole batch, and the most that it could have had, where that is known. */
  readonly items: number;
  readonly itemsMax: number | undefined;
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
  const { traceId, spans, batchIds } = record;
  const summary = summaryOf(record);
  const { startedAtMs } = summary;
  return { summary, detail: JSON.stringify({ batchIds, spans: compactSpans(spans, { traceId, startedAtMs }) }) };
}

/** Makes of a finished request what it is searched by. Its texts are copies. */
export function summaryOf(record: TraceRecord): TraceSummary {
  const { spans, model } = record;
  // Written out: copying a record and changing the copy takes ten times as long.
  return {
    traceId: copyOf(record.traceId),
    spanId: copyOf(spans[0]?.spanId ?? ''),
    requestId: copyOf(record.requestId),
    pod: record.pod,
    startedAtMs: Math.floor(record.startedAtMs),
    durationMs: inMicroseconds(record.durationMs),
    protocol: record.protocol,
    operation: record.operation,
    model: model === undefined ? undefined : copyOf(model),
    outcome: record.outcome,
    principalId: record.principalId,
    items: record.items,
    kept: record.kept,
    ride: rideOf(spans),
  };
}

const detailSchema = z.object({ batchIds: z.array(z.string()), spans: compactSpansSchema });

/** Gives the request back, without spans where another version of the service has written what this one cannot read. */
export function traceOf({ summary, detail }: StoredTrace): TraceRecord {
  const { spanId: _, ride: __, ...rest } = summary;
  const { data } = detailSchema.safeParse(parseJson(detail));
  return { ...rest, batchIds: data?.batchIds ?? [], spans: expandSpans(data?.spans ?? [], summary) };
}

/** Reads what `toTraceRecord` wrote of the rides. */
function rideOf(spans: readonly SpanRecord[]): RideSummary | undefined {
  let longest: SpanRecord | undefined;
  let queueMs = 0;
  for (const span of spans) {
    if (span.name === 'queue') queueMs = Math.max(queueMs, span.endMs - span.startMs);
    if (span.name !== 'run' || span.attributes['clip.batch.id'] === undefined) continue;
    if (!longest || span.endMs - span.startMs > longest.endMs - longest.startMs) longest = span;
  }
  if (!longest) return undefined;
  const { attributes } = longest;
  const itemsMax = attributes['clip.batch.items_max'];
  return {
    queueMs: inMicroseconds(queueMs),
    replica: String(attributes['clip.replica']),
    device: String(attributes['clip.device']),
    items: Number(attributes['clip.batch.items']),
    itemsMax: itemsMax === undefined ? undefined : Number(itemsMax),
  };
}

function copyOf(text: string): string {
  return Buffer.from(text).toString();
}

import { z } from 'zod';
import type { SpanRecord } from '../tracing/records.js';

/** Of the trace that spans belong to: what need not be repeated in each of them. */
interface SpanFrame {
  readonly traceId: string;
  /** What the times of the spans are told from. */
  readonly startedAtMs: number;
}

/**
 * A span without what all spans of its trace share: name, kind, span id, parent, begin after that of the trace and
 * duration in milliseconds, attributes, links, error.
 */
const compactSpan = z.tuple([
  z.string(),
  z.enum(['server', 'client', 'internal']),
  z.string(),
  z.string().nullable(),
  z.number(),
  z.number(),
  z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  z.array(z.tuple([z.string(), z.string(), z.boolean()])),
  z.string().nullable(),
]);

/** The schema of spans as `compactSpans` writes them. */
export const compactSpansSchema = z.array(compactSpan);

export type CompactSpans = z.infer<typeof compactSpansSchema>;

/** Makes of spans what is written down of them, without their trace id, which is that of `frame`. */
export function compactSpans(spans: readonly SpanRecord[], { startedAtMs }: SpanFrame): CompactSpans {
  return spans.map((span) => [
    span.name,
    span.kind,
    span.spanId,
    span.parentSpanId ?? null,
    inMicroseconds(span.startMs - startedAtMs),
    inMicroseconds(span.endMs - span.startMs),
    span.attributes,
    span.links.map(({ traceId, spanId, sampled }) => [traceId, spanId, sampled]),
    span.error ?? null,
  ]);
}

/** Gives spans back as they were, their times to the microsecond. */
export function expandSpans(spans: CompactSpans, { traceId, startedAtMs }: SpanFrame): SpanRecord[] {
  return spans.map(([name, kind, spanId, parent, offsetMs, durationMs, attributes, links, error]) => ({
    ...{ name, kind, traceId, spanId, attributes },
    parentSpanId: parent ?? undefined,
    startMs: startedAtMs + offsetMs,
    endMs: startedAtMs + offsetMs + durationMs,
    links: links.map(([linkedTrace, linkedSpan, sampled]) => ({ traceId: linkedTrace, spanId: linkedSpan, sampled })),
    error: error ?? undefined,
  }));
}

/** More digits than a clock has would only make the text longer. */
export function inMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

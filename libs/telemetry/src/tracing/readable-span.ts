import { type HrTime, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { SpanContext } from '#core';
import type { SpanRecord } from './records.js';

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL };
const NOT_FAILED = { code: SpanStatusCode.UNSET };

/** Makes of a record what OpenTelemetry's exporters take. */
export function toReadableSpan(span: SpanRecord, resource: Resource, scope: InstrumentationScope): ReadableSpan {
  const { name, kind, traceId, spanId, parentSpanId, startMs, endMs, attributes, links, error } = span;
  const context = toOtelContext({ traceId, spanId, sampled: true });
  return {
    name,
    kind: KINDS[kind],
    spanContext: () => context,
    ...(parentSpanId === undefined
      ? {}
      : { parentSpanContext: toOtelContext({ traceId, spanId: parentSpanId, sampled: true }) }),
    startTime: toHrTime(startMs),
    endTime: toHrTime(endMs),
    duration: toHrTime(Math.max(0, endMs - startMs)),
    status: error === undefined ? NOT_FAILED : { code: SpanStatusCode.ERROR, message: error },
    attributes,
    links: links.map((link) => ({ context: toOtelContext(link) })),
    events: [],
    ended: true,
    resource,
    instrumentationScope: scope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** The identity of a span as OpenTelemetry's API has it. */
function toOtelContext({ traceId, spanId, sampled }: SpanContext): ReturnType<ReadableSpan['spanContext']> {
  return { traceId, spanId, traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE };
}

function toHrTime(ms: number): HrTime {
  const seconds = Math.trunc(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
}

import {
  type BatchTrace,
  type EndedRequest,
  type Interval,
  randomId,
  type Ride,
  type SpanAttributes,
  type SpanContext,
  type SpanPart,
} from '#core';
import type { BatchRecord, Kept, SpanRecord, TraceRecord } from './records.js';

/** How records are made. */
export interface RecordOptions {
  /** The name of this process's host. */
  readonly pod: string;
  /** Whether spans of requests have the attributes of the GenAI conventions too. */
  readonly genAi: boolean;
}

/**
 * Makes the spans of an ended request: its own, one a part, and a `queue` and a `run` span for each batch that it rode
 * in. `offsetMs` is added to the Clock's times to get those of the wall.
 */
export function toTraceRecord(
  request: EndedRequest,
  kept: Kept,
  offsetMs: number,
  options: RecordOptions,
): TraceRecord {
  const { trace, startMs, endMs, protocol, operation, model, items, outcome, principalId } = request;
  const { requestId, rides, context } = trace;
  const spans: SpanRecord[] = [requestSpan(request, offsetMs, options)];
  for (const part of trace.parts) spans.push(partSpan(part, context, offsetMs));
  for (const ride of rides) spans.push(queueSpan(ride, offsetMs), runSpan(ride, offsetMs));
  return {
    traceId: context.traceId,
    requestId,
    pod: options.pod,
    startedAtMs: startMs + offsetMs,
    durationMs: endMs - startMs,
    protocol,
    operation,
    model,
    outcome,
    principalId,
    items,
    kept,
    batchIds: [...new Set(rides.map(({ batch }) => batch.context.traceId))],
    spans,
  };
}

/** Makes the spans of an attempt at a batch: its own, which links every rider's `run` span, and the replica's. */
export function toBatchRecord(batch: BatchTrace, offsetMs: number, { pod }: Pick<RecordOptions, 'pod'>): BatchRecord {
  const { facts, context, riders } = batch;
  const { whole, prepare, run, ...known } = facts;
  const attributes = batchAttributes(batch);
  const spans: SpanRecord[] = [
    {
      ...interval(whole, offsetMs),
      name: 'batch',
      kind: 'internal',
      traceId: context.traceId,
      spanId: context.spanId,
      parentSpanId: undefined,
      attributes,
      links: riders.map((ride) => ({ ...ride.trace.context, spanId: ride.spanId })),
      error: facts.error,
    },
  ];
  if (prepare) spans.push(childSpan('prepare', prepare, context, attributes, offsetMs));
  if (run) spans.push(childSpan('run', run, context, attributes, offsetMs));
  return {
    ...known,
    batchId: context.traceId,
    pod,
    startedAtMs: whole.startMs + offsetMs,
    durationMs: whole.endMs - whole.startMs,
    riders: riders.map(({ trace, items }) => ({
      requestId: trace.requestId,
      traceId: trace.context.traceId,
      items,
    })),
    spans,
  };
}

function requestSpan(request: EndedRequest, offsetMs: number, { genAi }: RecordOptions): SpanRecord {
  const { trace, startMs, endMs, operation, model, items, outcome, principalId } = request;
  const { name, attributes } = request.describe();
  const failed = outcome !== 'ok';
  return {
    name,
    kind: 'server',
    traceId: trace.context.traceId,
    spanId: trace.context.spanId,
    parentSpanId: trace.parentSpanId,
    startMs: startMs + offsetMs,
    endMs: endMs + offsetMs,
    attributes: {
      ...attributes,
      'clip.request_id': trace.requestId,
      'clip.operation': operation,
      ...(model === undefined ? {} : { 'clip.model': model }),
      'clip.items': items,
      'clip.outcome': outcome,
      'clip.token': principalId,
      ...(trace.dropped === 0 ? {} : { 'clip.parts_dropped': trace.dropped }),
      ...(failed ? { 'error.type': outcome } : {}),
      ...(genAi ? genAiAttributes(operation, model) : {}),
    },
    links: [],
    error: failed ? outcome : undefined,
  };
}

/**
 * OpenTelemetry's conventions of generative AI, which are in development still
 * (open-telemetry/semantic-conventions-genai).
 */
function genAiAttributes(operation: string, model: string | undefined): SpanAttributes {
  return {
    'gen_ai.operation.name': operation === 'rank' ? 'rank' : 'embeddings',
    'gen_ai.provider.name': 'clip-as-service',
    ...(model === undefined ? {} : { 'gen_ai.request.model': model, 'gen_ai.response.model': model }),
  };
}

function partSpan(part: SpanPart, { traceId, spanId }: SpanContext, offsetMs: number): SpanRecord {
  const { name, kind = 'internal', attributes, error } = part;
  return {
    ...interval(part, offsetMs),
    name,
    kind,
    traceId,
    spanId: part.spanId ?? randomId(8),
    parentSpanId: spanId,
    attributes: error === undefined ? (attributes ?? {}) : { ...attributes, 'error.type': error },
    links: [],
    error,
  };
}

function queueSpan({ trace, batch, items, enqueuedAtMs, replicasReady }: Ride, offsetMs: number): SpanRecord {
  const { whole } = batch.facts;
  return {
    ...interval({ startMs: enqueuedAtMs, endMs: whole.startMs }, offsetMs),
    name: 'queue',
    kind: 'internal',
    traceId: trace.context.traceId,
    spanId: randomId(8),
    parentSpanId: trace.context.spanId,
    attributes: { 'clip.items': items, 'clip.replicas_ready': replicasReady, 'clip.batch.reason': batch.facts.reason },
    links: [],
    error: undefined,
  };
}

function runSpan(ride: Ride, offsetMs: number): SpanRecord {
  const { trace, batch, items } = ride;
  const { whole, model, replica, device, tower, attempt, error } = batch.facts;
  return {
    ...interval(whole, offsetMs),
    name: 'run',
    kind: 'internal',
    traceId: trace.context.traceId,
    spanId: ride.spanId,
    parentSpanId: trace.context.spanId,
    attributes: {
      'clip.model': model,
      'clip.replica': replica,
      'clip.device': device,
      'clip.tower': tower,
      'clip.attempt': attempt,
      'clip.items': items,
      'clip.batch.id': batch.context.traceId,
      'clip.batch.items': batch.facts.items,
      'clip.batch.items_max': batch.facts.itemsMax,
      ...(error === undefined ? {} : { 'error.type': error }),
    },
    links: [batch.context],
    error,
  };
}

function batchAttributes({ facts, riders }: BatchTrace): SpanAttributes {
  const { model, replica, device, tower, items, itemsMax, bytes, tokensMax, attempt, reason, error } = facts;
  return {
    'clip.model': model,
    'clip.replica': replica,
    'clip.device': device,
    'clip.tower': tower,
    'clip.items': items,
    'clip.bytes': bytes,
    ...(tokensMax === undefined ? {} : { 'clip.tokens_max': tokensMax }),
    'clip.attempt': attempt,
    'clip.batch.items_max': itemsMax,
    'clip.batch.reason': reason,
    'clip.batch.riders': riders.length,
    ...(error === undefined ? {} : { 'error.type': error }),
  };
}

function childSpan(
  name: string,
  when: Interval,
  { traceId, spanId }: SpanContext,
  attributes: SpanAttributes,
  offsetMs: number,
): SpanRecord {
  return {
    ...interval(when, offsetMs),
    name,
    kind: 'internal',
    traceId,
    spanId: randomId(8),
    parentSpanId: spanId,
    attributes,
    links: [],
    error: undefined,
  };
}

function interval({ startMs, endMs }: Interval, offsetMs: number): Interval {
  return { startMs: startMs + offsetMs, endMs: endMs + offsetMs };
}

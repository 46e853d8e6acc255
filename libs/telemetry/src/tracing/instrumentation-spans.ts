import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import { type Clock, currentTrace, type RequestTrace, type SpanAttributes } from '#core';
import { SpanKind } from '@opentelemetry/api';

/**
 * What spans of instrumentations may tell. A list of what is allowed: paths and queries of addresses, statements and
 * their values never leave the process, whatever a newer version of an instrumentation adds.
 */
const ALLOWED = [
  'http.request.method',
  'http.response.status_code',
  'url.scheme',
  'server.address',
  'server.port',
  'db.system.name',
  'db.namespace',
  'db.operation.name',
  'db.collection.name',
  'db.response.status_code',
  'error.type',
];

/** Longest name and value that is taken over. */
const LENGTH_MAX = 100;

/** Makes what instrumentations trace for a request a part of the request's own trace. */
export class InstrumentationSpans implements SpanProcessor {
  private readonly begun = new WeakMap<object, { trace: RequestTrace; startMs: number }>();

  constructor(private readonly clock: Clock) {}

  onStart(span: object): void {
    const trace = currentTrace();
    if (trace) this.begun.set(span, { trace, startMs: this.clock.now() });
  }

  onEnd(span: ReadableSpan): void {
    const begun = this.begun.get(span);
    if (!begun) return;
    const { trace, startMs } = begun;
    trace.add({
      name: span.name.slice(0, LENGTH_MAX),
      kind: span.kind === SpanKind.CLIENT ? 'client' : 'internal',
      startMs,
      endMs: this.clock.now(),
      spanId: span.spanContext().spanId,
      attributes: allowedOf(span.attributes),
    });
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

function allowedOf(attributes: ReadableSpan['attributes']): SpanAttributes {
  const kept: Record<string, string | number | boolean> = {};
  for (const name of ALLOWED) {
    const value = attributes[name];
    if (typeof value === 'string') kept[name] = value.slice(0, LENGTH_MAX);
    else if (typeof value === 'number' || typeof value === 'boolean') kept[name] = value;
  }
  return kept;
}

import { type Context, propagation, ROOT_CONTEXT, trace as traceApi, TraceFlags } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { TraceState } from '@opentelemetry/core';
import { currentTrace, type RequestTrace } from '#core';

/**
 * Shows the request that is being worked for to instrumentations, as OpenTelemetry's context: what they trace becomes a
 * part of it, and outgoing requests name its span.
 */
export class RequestContextManager extends AsyncLocalStorageContextManager {
  override active(): Context {
    const set = super.active();
    if (set !== ROOT_CONTEXT) return set;
    const trace = currentTrace();
    return trace ? contextOf(trace) : ROOT_CONTEXT;
  }
}

function contextOf({ context, parent }: RequestTrace): Context {
  const { traceId, spanId, sampled } = context;
  const traceFlags = sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  const state = parent?.traceState;
  const span = { traceId, spanId, traceFlags, ...(state === undefined ? {} : { traceState: new TraceState(state) }) };
  const whole = traceApi.setSpanContext(ROOT_CONTEXT, span);
  return parent?.baggage === undefined ? whole : withBaggage(whole, parent.baggage);
}

/** Only where OTEL_PROPAGATORS names baggage, outgoing requests carry it. */
function withBaggage(context: Context, baggage: string): Context {
  return propagation.extract(context, { baggage });
}

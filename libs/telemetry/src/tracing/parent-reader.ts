import {
  type Context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type TextMapPropagator,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import type { ReadField, RemoteParent } from '#core';

/** Finds the caller's span among the fields of a request; undefined where they name none. */
export type ParentReader = <Source>(source: Source, read: ReadField<Source>) => RemoteParent | undefined;

/** Most characters of `tracestate` and `baggage` that are passed on; longer ones are left out. */
const PASSED_ON_MAX = 8192;

/** Reads the fields that `propagator` knows; null reads none. */
export function parentReader(propagator: TextMapPropagator | null): ParentReader {
  if (!propagator) return () => undefined;
  const fields = propagator.fields();
  return (source, read) => {
    let carrier: Record<string, string> | undefined;
    for (const field of fields) {
      const value = read(source, field);
      if (value !== undefined && value.length <= PASSED_ON_MAX) (carrier ??= {})[field] = value;
    }
    // Most requests name no caller.
    return carrier && toParent(propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter), carrier);
  };
}

function toParent(context: Context, { baggage }: Record<string, string>): RemoteParent | undefined {
  const found = trace.getSpanContext(context);
  if (!found) return undefined;
  const { traceId, spanId, traceFlags, traceState } = found;
  const state = traceState?.serialize();
  return {
    traceId,
    spanId,
    sampled: (traceFlags & TraceFlags.SAMPLED) !== 0,
    ...(state ? { traceState: state } : {}),
    ...(baggage === undefined ? {} : { baggage }),
  };
}

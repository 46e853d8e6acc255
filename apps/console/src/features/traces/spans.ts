import type { Schemas } from '../../api/client.js';

export type Span = Schemas['SpanView'];
export type Trace = Schemas['TraceView'];
export type TraceSummary = Schemas['TraceSummaryView'];
export type Batch = Schemas['BatchView'];

/** How long a span took, in milliseconds; never below 0, whatever clocks did. */
export function durationOf({ startMs, endMs }: Pick<Span, 'startMs' | 'endMs'>): number {
  return Math.max(0, endMs - startMs);
}

/** An attribute as a number; undefined where it is none. */
export function numberOf({ attributes }: Pick<Span, 'attributes'>, name: string): number | undefined {
  const value = attributes[name];
  return typeof value === 'number' ? value : undefined;
}

/** An attribute as a text; undefined where it is none. */
export function textOf({ attributes }: Pick<Span, 'attributes'>, name: string): string | undefined {
  const value = attributes[name];
  return typeof value === 'string' ? value : undefined;
}

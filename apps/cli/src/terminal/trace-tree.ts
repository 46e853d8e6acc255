import type { TracedRequest, TracedSpan } from '../backend/access-backend.js';
import { table } from './table.js';

/**
 * Formats what a request did as an indented tree, each span under the one that it is a part of, with when it began and
 * how long it took.
 */
export function traceTree({ startedAtMs, spans }: Pick<TracedRequest, 'startedAtMs' | 'spans'>): string {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const rows: string[][] = [];
  const add = (span: TracedSpan, depth: number): void => {
    rows.push([
      `${'  '.repeat(depth)}${span.name}`,
      `+${formatMs(span.startMs - startedAtMs)}`,
      formatMs(span.endMs - span.startMs),
      detailsOf(span),
    ]);
    for (const child of inOrder(spans.filter(({ parentSpanId }) => parentSpanId === span.spanId)))
      add(child, depth + 1);
  };
  // The request's own span may have one above it at the caller's, which is not here.
  for (const span of inOrder(spans)) if (span.parentSpanId === null || !ids.has(span.parentSpanId)) add(span, 0);
  return table(['SPAN', 'BEGAN', 'TOOK', 'WHAT'], rows);
}

/** Formats a time that may be a fraction of a millisecond. */
export function formatMs(ms: number): string {
  return `${ms.toFixed(ms < 100 ? 2 : 0)} ms`;
}

function inOrder(spans: readonly TracedSpan[]): TracedSpan[] {
  return [...spans].sort((a, b) => a.startMs - b.startMs);
}

function detailsOf({ attributes, links, error }: TracedSpan): string {
  return [
    ...(error === null ? [] : [`failed: ${error}`]),
    ...Object.entries(attributes).map(([name, value]) => `${name}=${String(value)}`),
    ...links.map(({ traceId }) => `batch ${traceId}`),
  ].join('  ');
}

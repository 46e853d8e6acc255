import type { Batch, Span } from './spans.js';

/** A span in its place. */
export interface PlacedSpan {
  readonly span: Span;
  /** 0 for the request itself. */
  readonly depth: number;
  /** Of the batch, not of the request: what the replica did for all who rode in it. */
  readonly isOfBatch: boolean;
}

/**
 * Puts each span below the one that it is a part of, in the order of time. What the replica did for a batch comes below
 * the `run` of the request that rode in it, for the batches that are known.
 */
export function placeSpans(spans: readonly Span[], batches: readonly Batch[]): PlacedSpan[] {
  const [root, ...rest] = spans;
  if (root === undefined) return [];
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const children = new Map<string, Span[]>();
  for (const span of rest) {
    const parent = span.parentSpanId !== null && ids.has(span.parentSpanId) ? span.parentSpanId : root.spanId;
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const placed: PlacedSpan[] = [];
  const seen = new Set<string>();
  const place = (span: Span, depth: number): void => {
    if (seen.has(span.spanId)) return;
    seen.add(span.spanId);
    placed.push({ span, depth, isOfBatch: false });
    const batch = batches.find(({ batchId }) => batchId === span.attributes['clip.batch.id']);
    for (const part of batch?.spans.slice(1) ?? []) placed.push({ span: part, depth: depth + 1, isOfBatch: true });
    for (const child of (children.get(span.spanId) ?? []).toSorted((a, b) => a.startMs - b.startMs))
      place(child, depth + 1);
  };
  place(root, 0);
  // Spans that are each the parent of the other hang below nothing.
  for (const span of rest) place(span, 1);
  return placed;
}

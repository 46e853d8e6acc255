import type { Span } from './spans.js';

/** A stretch of time for which the request waited for one span and nothing else. */
export interface PathPiece {
  readonly spanId: string;
  readonly startMs: number;
  readonly endMs: number;
}

type Timed = Pick<Span, 'spanId' | 'parentSpanId' | 'startMs' | 'endMs'>;

/**
 * What a request waited for at each moment, in the order of time: walked back from its end, always into the child that
 * ended last. Shorter work there would have made the request shorter, elsewhere it would not. `spans` has the request's
 * own span first; times of children are cut to those of their parents.
 */
export function criticalPath(spans: readonly Timed[]): PathPiece[] {
  const [root] = spans;
  if (root === undefined) return [];
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const children = new Map<string, Timed[]>();
  for (const span of spans.slice(1)) {
    const parent = span.parentSpanId !== null && ids.has(span.parentSpanId) ? span.parentSpanId : root.spanId;
    if (parent !== span.spanId) children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const pieces: PathPiece[] = [];
  walk(root, root.startMs, root.endMs, children, pieces, new Set());
  return pieces.reverse();
}

/** Adds what `span` waited for between `fromMs` and `toMs`, the latest first. */
function walk(
  span: Timed,
  fromMs: number,
  toMs: number,
  children: ReadonlyMap<string, readonly Timed[]>,
  pieces: PathPiece[],
  above: ReadonlySet<string>,
): void {
  const own = (children.get(span.spanId) ?? []).filter(({ spanId }) => !above.has(spanId));
  const inside = new Set([...above, span.spanId]);
  let untilMs = toMs;
  while (untilMs > fromMs) {
    const last = lastBefore(own, fromMs, untilMs);
    if (last === undefined) break;
    const endMs = Math.min(last.endMs, untilMs);
    if (endMs < untilMs) pieces.push({ spanId: span.spanId, startMs: endMs, endMs: untilMs });
    const startMs = Math.max(last.startMs, fromMs);
    walk(last, startMs, endMs, children, pieces, inside);
    untilMs = startMs;
  }
  if (untilMs > fromMs) pieces.push({ spanId: span.spanId, startMs: fromMs, endMs: untilMs });
}

/** The span that ended last before `untilMs`, of those that took time between both. */
function lastBefore(spans: readonly Timed[], fromMs: number, untilMs: number): Timed | undefined {
  let found: Timed | undefined;
  for (const span of spans) {
    if (span.startMs >= untilMs || span.endMs <= fromMs || span.endMs <= span.startMs) continue;
    const isLater = found === undefined || Math.min(span.endMs, untilMs) > Math.min(found.endMs, untilMs);
    if (isLater) found = span;
  }
  return found;
}

/** How long the request waited for each span, by span id. */
export function timeOnPath(path: readonly PathPiece[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { spanId, startMs, endMs } of path) times.set(spanId, (times.get(spanId) ?? 0) + endMs - startMs);
  return times;
}

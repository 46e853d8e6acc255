import type { Span } from '../spans.js';

/** A span from `startMs` to `endMs`, a child of `root` unless it is that itself. */
export function buildSpan(name: string, startMs: number, endMs: number, changes: Partial<Span> = {}): Span {
  return {
    ...{ name, kind: 'internal', spanId: name, parentSpanId: name === 'root' ? null : 'root' },
    ...{ startMs, endMs, attributes: {}, links: [], error: null },
    ...changes,
  };
}

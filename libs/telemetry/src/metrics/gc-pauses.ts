import { constants, PerformanceObserver } from 'node:perf_hooks';
import type { Instruments } from './instruments.js';

/** prom-client's name, and its bounds in seconds. */
export const GC_DURATION = 'nodejs_gc_duration_seconds';
const BUCKETS_S = [0.001, 0.01, 0.1, 1, 2, 5];

const KINDS = new Map<unknown, string>([
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
]);

/**
 * Counts every garbage collection. Node tells several at a time, of which prom-client 15.1.3 counts the first alone.
 * Returns what ends it.
 */
export function countCollections(instruments: Instruments): () => void {
  const seconds = instruments.histogram(GC_DURATION, 'Garbage collections, by kind.', ['kind'], BUCKETS_S);
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const detail: unknown = Reflect.get(entry, 'detail');
      const kind =
        typeof detail === 'object' && detail !== null && 'kind' in detail ? KINDS.get(detail.kind) : undefined;
      if (kind !== undefined) seconds.observe({ kind }, entry.duration / 1000);
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}

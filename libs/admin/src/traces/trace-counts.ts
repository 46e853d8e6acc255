import type { GroupKey, TraceGroup } from '#telemetry';
import type { FacetView, TraceBucketView, TraceErrorView } from './counts.dto.js';
import type { TokenNames } from './trace-views.js';

/** What requests are counted by, in the order in which it is shown. */
export const FACETS: readonly GroupKey[] = ['outcome', 'model', 'operation', 'protocol', 'token', 'pod'];

const VALUES_MAX = 50;
const BUCKETS_MAX = 60;
const [SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS] = [1_000, 60_000, 3_600_000, 86_400_000];

/** Lengths of buckets that are easy to read. */
const BUCKETS_MS = [
  ...[1, 5, 10, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 5, 10, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 7].map((days) => days * DAY_MS),
];

/** The shortest easy length of at most 60 buckets that a time is cut into; of more than 60 weeks it is longer ones. */
export function bucketFor(spanMs: number): number {
  return BUCKETS_MS.find((lengthMs) => spanMs / lengthMs <= BUCKETS_MAX) ?? Math.ceil(spanMs / BUCKETS_MAX);
}

/** Sums groups up by each thing that they were counted by. */
export function facetsOf(groups: readonly TraceGroup[], names: TokenNames): FacetView[] {
  return FACETS.map((key) => {
    const counts = new Map<string | null, number>();
    for (const { values, count } of groups) {
      const value = values[key] ?? null;
      counts.set(value, (counts.get(value) ?? 0) + count);
    }
    const all = [...counts].map(([value, count]) => ({
      ...{ value, count },
      name: key === 'token' && value !== null ? (names.get(value) ?? null) : null,
    }));
    all.sort((a, b) => b.count - a.count || String(a.value).localeCompare(String(b.value)));
    return { key, values: all.slice(0, VALUES_MAX), more: Math.max(0, all.length - VALUES_MAX) };
  });
}

/** Joins buckets of the shortest length to some of `bucketMs`. */
export function bucketsOf(groups: readonly TraceGroup[], bucketMs: number): TraceBucketView[] {
  const buckets = new Map<number, TraceBucketView>();
  for (const { values, bucketAtMs = 0, count } of groups) {
    const fromMs = bucketAtMs - (bucketAtMs % bucketMs);
    const bucket = buckets.get(fromMs) ?? { fromMs, count: 0, failed: 0 };
    bucket.count += count;
    if (values.outcome !== 'ok') bucket.failed += count;
    buckets.set(fromMs, bucket);
  }
  return [...buckets.values()].sort((a, b) => a.fromMs - b.fromMs);
}

/** Shows those who failed alike, the newest first. */
export function errorsOf(groups: readonly TraceGroup[], names: TokenNames): TraceErrorView[] {
  return [...groups]
    .sort((a, b) => b.lastAtMs - a.lastAtMs)
    .map(({ values, count, firstAtMs, lastAtMs, lastKey }) => ({
      outcome: values.outcome ?? '',
      tokenId: values.token ?? '',
      tokenName: names.get(values.token ?? '') ?? null,
      model: values.model ?? null,
      ...{ count, firstAtMs, lastAtMs },
      lastTraceId: lastKey.slice(0, 32),
    }));
}

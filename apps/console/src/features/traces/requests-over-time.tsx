import { useMemo, type ReactNode } from 'react';
import type { Schemas } from '../../api/client.js';
import { formatCount, formatDuration, formatInstant } from '../../format/format.js';
import { Chart } from '../../ui/chart.js';
import styles from './requests-over-time.module.css';

/** When the requests began; a range that is drawn over it becomes the time that is looked at. */
export function RequestsOverTime({
  facets,
  onRange,
}: {
  readonly facets: Schemas['TraceFacetsView'];
  readonly onRange: (fromMs: number, toMs: number) => void;
}): ReactNode {
  const { buckets, bucketMs, countedFromMs } = facets;
  const { timesMs, series } = useMemo(() => seriesOf(buckets, bucketMs), [buckets, bucketMs]);
  return (
    <div className={styles['card']}>
      <Chart
        label={`Requests every ${formatDuration(bucketMs)}`}
        kind="bars"
        size="small"
        timesMs={timesMs}
        series={series}
        format={formatCount}
        onRange={(fromMs, toMs) => onRange(Math.floor(fromMs), Math.ceil(toMs))}
      />
      {countedFromMs !== null && (
        <p className={styles['note']}>
          Only the newest 100,000 requests are counted, those since {formatInstant(countedFromMs)}. Choose a shorter
          time to count all of it.
        </p>
      )}
    </div>
  );
}

/** Spans without requests are zeroes, so that a gap looks like one. */
function seriesOf(buckets: Schemas['TraceFacetsView']['buckets'], bucketMs: number) {
  const known = new Map(buckets.map((bucket) => [bucket.fromMs, bucket]));
  const first = buckets[0]?.fromMs ?? 0;
  const last = buckets.at(-1)?.fromMs ?? first;
  const timesMs = [];
  for (let at = first - bucketMs; at <= last + bucketMs; at += bucketMs) timesMs.push(at);
  return {
    timesMs,
    series: [
      { label: 'All requests', values: timesMs.map((ms) => known.get(ms)?.count ?? 0) },
      { label: 'Failed', values: timesMs.map((ms) => known.get(ms)?.failed ?? 0) },
    ],
  };
}

import { useNavigate } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { formatDuration, formatShare, formatShort } from '../../format/format.js';
import { Chart } from '../../ui/chart.js';
import { Card } from '../../ui/page.js';
import type { Overview, OverviewSearch } from './overview-query.js';
import styles from './overview.module.css';

type Point = Overview['points'][number];

/** The figures over time. A range that is drawn over a chart becomes the time of the page. */
export function Charts({ data, search }: { readonly data: Overview; readonly search: OverviewSearch }): ReactNode {
  const navigate = useNavigate();
  const { timesMs, of } = useSeries(data);
  const draw = (fromMs: number, toMs: number): void => {
    // Less than two points would show nothing.
    if (toMs - fromMs < 2 * data.stepMs) return;
    void navigate({ to: '/', search: { ...search, from: Math.round(fromMs), to: Math.round(toMs) } });
  };
  const minutes = data.stepMs / 60_000;
  const perMinute = (value: number): number => value / minutes;
  const common = { timesMs, onRange: draw };
  if (data.scope === 'own') {
    return (
      <Card title="Your requests">
        <Chart
          {...common}
          label="Requests an hour"
          kind="bars"
          format={formatShort}
          series={[{ label: 'Requests', values: of(({ requests }) => requests) }]}
        />
      </Card>
    );
  }
  return (
    <div className={styles['charts']}>
      <Card title="Traffic a minute">
        <Chart
          {...common}
          label="Traffic a minute"
          format={formatShort}
          series={[
            { label: 'Requests', values: of(({ requests }) => perMinute(requests)) },
            { label: 'Items', values: of(({ items }) => perMinute(items)) },
            { label: 'Failed', values: of(({ errors }) => perMinute(errors)) },
          ]}
        />
      </Card>
      <Card title="Latency">
        <Chart
          {...common}
          label="From arrival to answer"
          format={formatDuration}
          series={[
            { label: 'p50', values: of(({ p50Ms }) => p50Ms) },
            { label: 'p95', values: of(({ p95Ms }) => p95Ms) },
            { label: 'p99', values: of(({ p99Ms }) => p99Ms) },
          ]}
        />
      </Card>
      <Card title="Queue">
        <Chart
          {...common}
          label="Most items that waited"
          format={formatShort}
          series={[{ label: 'Items', values: of(({ queueItemsMax }) => queueItemsMax) }]}
        />
      </Card>
      <Card title="Batch fill">
        <Chart
          {...common}
          label="Batch fill"
          format={formatShare}
          series={[{ label: 'Fill', values: of(({ batchFill }) => batchFill) }]}
        />
      </Card>
    </div>
  );
}

/** Every step of the time, those in which nothing was written as gaps. */
function useSeries({ points, fromMs, toMs, stepMs, scope }: Overview) {
  return useMemo(() => {
    const at = new Map(points.map((point) => [point.atMs, point]));
    const step = scope === 'own' ? 3_600_000 : stepMs;
    const firstMs = Math.floor(fromMs / step) * step;
    const count = Math.min(3_000, Math.ceil((toMs - firstMs) / step));
    const timesMs = Array.from({ length: count }, (_, n) => firstMs + n * step);
    const of = (pick: (point: Point) => number | null): (number | null)[] =>
      timesMs.map((ms) => {
        const point = at.get(ms);
        return point === undefined ? null : pick(point);
      });
    return { timesMs, of };
  }, [points, fromMs, toMs, stepMs, scope]);
}

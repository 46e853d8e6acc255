import { useEffect, useRef, useState, type ReactNode } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatInstant } from '../format/format.js';
import { timeTicks } from '../format/time-ticks.js';
import styles from './chart.module.css';
import { TableTwin } from './table-twin.js';

/** One line or stack of a chart; `null` where nothing was measured. */
export interface Series {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

interface ChartProps {
  /** What it shows, such as `Requests a minute`. */
  readonly label: string;
  /** The times of the values, in milliseconds since 1970. */
  readonly timesMs: readonly number[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  /** `stacked`: bars whose parts stand on each other. */
  readonly kind?: 'lines' | 'bars' | 'stacked';
  /** `small`: for a chart that stands over what it counts. */
  readonly size?: 'small' | 'normal';
  /** Called with the range that somebody has drawn over the chart. */
  readonly onRange?: (fromMs: number, toMs: number) => void;
}

const HEIGHTS_PX = { small: 140, normal: 180 };

/** Values over time, with the same as a table for whoever cannot or will not read the picture. */
export function Chart(props: ChartProps): ReactNode {
  const { label, timesMs, series, format } = props;
  const [isTable, setTable] = useState(false);
  return (
    <figure className={styles['figure']} aria-label={label}>
      <figcaption className={styles['caption']}>
        <ul>
          {series.map((one, at) => (
            <li key={one.label}>
              <span className={styles['key']} style={{ background: `var(--series-${(at % 8) + 1})` }} aria-hidden />
              {one.label}
            </li>
          ))}
        </ul>
        <TableTwin isTable={isTable} onChange={setTable} />
      </figcaption>
      {isTable ? (
        <div className={styles['scroller']} tabIndex={0} role="region" aria-label={`${label}, as a table`}>
          <table>
            <thead>
              <tr>
                <th scope="col">Time</th>
                {series.map((one) => (
                  <th key={one.label} scope="col">
                    {one.label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {timesMs.map((timeMs, at) => (
                <tr key={timeMs}>
                  <th scope="row">{formatInstant(timeMs)}</th>
                  {series.map((one) => {
                    const value = one.values[at];
                    return <td key={one.label}>{value === null || value === undefined ? '–' : format(value)}</td>;
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <Plot {...props} />
      )}
    </figure>
  );
}

function Plot({ timesMs, series, format, kind = 'lines', size = 'normal', onRange }: ChartProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const shape = `${kind} ${series.map(({ label }) => label).join('|')}`;
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = new uPlot(
      optionsOf({ element, series, format, kind, size, onRange }),
      dataOf(timesMs, series, kind),
      element,
    );
    plot.current = made;
    const resize = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHTS_PX[size] }));
    resize.observe(element);
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => made.redraw();
    dark.addEventListener('change', redraw);
    return () => {
      dark.removeEventListener('change', redraw);
      resize.disconnect();
      made.destroy();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the data of the same series is set below, without a new plot
  }, [shape]);
  useEffect(() => plot.current?.setData(dataOf(timesMs, series, kind)), [timesMs, series, kind]);
  return <div ref={place} className={styles[size]} aria-hidden />;
}

function dataOf(timesMs: readonly number[], series: readonly Series[], kind: ChartProps['kind']): uPlot.AlignedData {
  const values = kind === 'stacked' ? stacked(series) : series.map((one) => [...one.values]);
  return [timesMs.map((ms) => ms / 1000), ...values];
}

/** Each bar with all that stand below it, the tallest first: those that are drawn later cover its lower part. */
function stacked(series: readonly Series[]): number[][] {
  const below = series[0]?.values.map(() => 0) ?? [];
  return series.map(({ values }) => values.map((value, at) => (below[at] = (below[at] ?? 0) + (value ?? 0)))).reverse();
}

/** The places of a series whose neighbours are empty. */
function aloneIn(plot: uPlot, seriesIdx: number): number[] {
  const values = plot.data[seriesIdx] ?? [];
  const isEmpty = (at: number): boolean => values[at] === null || values[at] === undefined;
  return [...values.keys()].filter((at) => !isEmpty(at) && isEmpty(at - 1) && isEmpty(at + 1));
}

interface PlotParts extends Pick<ChartProps, 'series' | 'format' | 'kind'>, Required<Pick<ChartProps, 'size'>> {
  readonly element: HTMLElement;
  readonly onRange: ChartProps['onRange'];
}

function optionsOf({ element, series, format, kind, size, onRange }: PlotParts): uPlot.Options {
  const colour = (name: string) => () => getComputedStyle(element).getPropertyValue(name).trim();
  const axis = { stroke: colour('--muted'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  const bars = uPlot.paths.bars?.({ size: [0.7, 40] });
  const coloured = series.map(({ label }, at) => ({ label, name: `--series-${(at % 8) + 1}` }));
  return {
    width: element.clientWidth,
    height: HEIGHTS_PX[size],
    legend: { show: false },
    cursor: { y: false, drag: { x: onRange !== undefined, y: false, setScale: false } },
    scales: { y: { range: (_, __, max) => [0, max > 0 ? max * 1.1 : 1] } },
    axes: [
      {
        ...axis,
        values: (_, ticks, __, ___, step) =>
          timeTicks(
            ticks.map((tick) => tick * 1000),
            step * 1000,
          ),
      },
      { ...axis, size: 60, values: (_, ticks) => ticks.map((tick) => format(tick)) },
    ],
    series: [
      {},
      ...(kind === 'stacked' ? coloured.toReversed() : coloured).map(({ label, name }) => ({
        label,
        stroke: colour(name),
        width: 1.5,
        // A line shows nothing of a value that stands alone.
        points: kind === 'stacked' ? { show: false } : { show: true, size: 5, filter: aloneIn },
        ...(kind !== 'lines' && bars ? { paths: bars, fill: colour(name) } : {}),
      })),
    ],
    hooks: {
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width > 2) onRange?.(plot.posToVal(left, 'x') * 1000, plot.posToVal(left + width, 'x') * 1000);
        },
      ],
    },
  };
}

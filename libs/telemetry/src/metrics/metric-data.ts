import { ValueType, type HrTime } from '@opentelemetry/api';
import type { AggregationTemporality, DataPoint, DataPointType, MetricData } from '@opentelemetry/sdk-metrics';
import type { MetricObjectWithValues, MetricValue } from 'prom-client';

/** The instruments of a registry with their values, as prom-client gives them. */
export type ReadMetric = MetricObjectWithValues<MetricValue<string> & { metricName?: string }>;

/** From when to when the values were counted. */
export interface Period {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

/** The enums of the SDK, which is loaded only where metrics are exported. */
export interface MetricEnums {
  readonly AggregationTemporality: typeof AggregationTemporality;
  readonly DataPointType: typeof DataPointType;
}

/** A metric in OpenTelemetry's form, under the same name: dashboards find it whichever way it came. */
export function toMetricData(metric: ReadMetric, period: Period, enums: MetricEnums): MetricData {
  const { name, help } = metric;
  const base = {
    descriptor: { name, description: help, unit: unitOf(name), valueType: ValueType.DOUBLE },
    aggregationTemporality: enums.AggregationTemporality.CUMULATIVE,
  };
  const type = String(metric.type);
  if (type === 'histogram') {
    return { ...base, dataPointType: enums.DataPointType.HISTOGRAM, dataPoints: histogramPoints(metric, period) };
  }
  const dataPoints = metric.values.map(({ labels, value }) => pointOf(labels, value, period));
  return type === 'counter'
    ? { ...base, dataPointType: enums.DataPointType.SUM, isMonotonic: true, dataPoints }
    : { ...base, dataPointType: enums.DataPointType.GAUGE, dataPoints };
}

/** Units that names end with, by UCUM's codes, as OpenTelemetry wants them. */
const UNITS: readonly (readonly [ending: RegExp, unit: string])[] = [
  [/_seconds(_total)?$/, 's'],
  [/_bytes(_total)?$/, 'By'],
  [/_ratio$/, '1'],
];

function unitOf(name: string): string {
  return UNITS.find(([ending]) => ending.test(name))?.[1] ?? '';
}

/** prom-client's values of a histogram are lines of text's form: buckets that add up, then sum and count. */
function histogramPoints({ name, values }: ReadMetric, period: Period) {
  const series = new Map<string, HistogramSeries>();
  for (const { metricName, labels: all, value } of values) {
    const { le, ...labels } = all;
    const key = JSON.stringify(labels);
    const one = series.get(key) ?? { labels, bounds: [], upTo: [], sum: 0, count: 0 };
    series.set(key, one);
    if (metricName === `${name}_sum`) one.sum = value;
    else if (metricName === `${name}_count`) one.count = value;
    else if (le !== '+Inf') {
      one.bounds.push(Number(le));
      one.upTo.push(value);
    }
  }
  return [...series.values()].map(({ labels, bounds, upTo, sum, count }) => {
    const counts = [...upTo, count].map((value, at) => value - (upTo[at - 1] ?? 0));
    return pointOf(labels, { buckets: { boundaries: bounds, counts }, sum, count }, period);
  });
}

interface HistogramSeries {
  readonly labels: Labels;
  readonly bounds: number[];
  /** How many values are at most the bound of the same place. */
  readonly upTo: number[];
  sum: number;
  count: number;
}

type Labels = Partial<Record<string, string | number>>;

function pointOf<Value>(labels: Labels, value: Value, period: Period): DataPoint<Value> {
  return { ...period, attributes: labels, value };
}

/** A query of a panel, in PromQL. Grafana puts in its variables; the tests put in values of their own. */
export interface Query {
  readonly expr: string;
  /** The name of a line, with labels in double braces. */
  readonly legend: string;
}

/** What a panel needs beside a service that answers requests, and has no data without. */
export type Need = 'gpu' | 'tls';

/** One panel, in neither of Grafana's two schemas. */
export interface Panel {
  readonly title: string;
  /** Says how to read it: what is normal, and what to look at next. */
  readonly description: string;
  /** A unit by Grafana's names: `s`, `bytes`, `reqps`, `percentunit`, `short`, … */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** Lines over time by default; `stat` is the newest value, in large. */
  readonly kind?: 'lines' | 'stat';
  /** Left out where any loaded service has data for it. */
  readonly needs?: Need;
}

/** Panels that belong together, under one heading. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** The services and pods that the reader chose above the dashboard. */
export const CHOSEN = 'job=~"$job", instance=~"$instance"';

/** The same, and the models. */
export const CHOSEN_MODELS = `${CHOSEN}, model=~"$model"`;

/** The change of a counter a second, over a window that Grafana fits to the zoom and to the interval of scrapes. */
export function rateOf(metric: string, labels = CHOSEN): string {
  return `rate(${metric}{${labels}}[$__rate_interval])`;
}

/** The sum of such changes, by the given labels. */
export function sumRate(metric: string, by: readonly string[], labels = CHOSEN): string {
  return `sum${groups(by)} (${rateOf(metric, labels)})`;
}

/** A quantile of a histogram over all pods, by the given labels. */
export function quantile(q: number, histogram: string, by: readonly string[] = [], labels = CHOSEN): string {
  return `histogram_quantile(${q}, ${sumRate(`${histogram}_bucket`, ['le', ...by], labels)})`;
}

/** The median and the slow end of a histogram, a query each. */
export function quantiles(histogram: string, by: readonly string[] = [], labels = CHOSEN): Query[] {
  const of = by.map((label) => ` {{${label}}}`).join('');
  return [0.5, 0.95, 0.99].map((q) => ({ expr: quantile(q, histogram, by, labels), legend: `p${q * 100}${of}` }));
}

/** The mean of a histogram's observations, by the given labels. */
export function mean(histogram: string, by: readonly string[], labels = CHOSEN): string {
  return `${sumRate(`${histogram}_sum`, by, labels)} / ${sumRate(`${histogram}_count`, by, labels)}`;
}

/** The sum of a gauge over all pods, by the given labels. */
export function sumOf(gauge: string, by: readonly string[], labels = CHOSEN): string {
  return `sum${groups(by)} (${gauge}{${labels}})`;
}

/** The largest value of a gauge over all pods, by the given labels. */
export function maxOf(gauge: string, by: readonly string[], labels = CHOSEN): string {
  return `max${groups(by)} (${gauge}{${labels}})`;
}

function groups(by: readonly string[]): string {
  return by.length === 0 ? '' : ` by (${by.join(', ')})`;
}

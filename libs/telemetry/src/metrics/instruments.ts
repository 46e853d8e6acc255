import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Bounds of durations, in seconds: a text takes a millisecond, a cold fetch ten seconds. */
const DURATION_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** One value of a gauge. */
export interface Sample<Label extends string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly value: number;
}

/** Sets where a gauge is read whenever the metrics are; undefined for no sample. */
export type Follow = (read: () => number | undefined) => void;

/** As OpenMetrics suggests to name it in an exemplar; Grafana's default too. */
const TRACE_ID = 'trace_id';

/** prom-client's histogram with what its types leave out. */
class HistogramWithExemplars extends Histogram {
  declare updateExemplar: (labels: object, value: number, exemplarLabels: object) => void;
  /** As `observe` of a histogram without examples: the other one looks for an example each time. */
  declare observeWithoutExemplar: (labels: object, value: number) => void;
  /** What was observed, by its labels. */
  declare hashMap: Readonly<Record<string, { readonly labels: Readonly<Record<string, string>> }>>;
}

/** A histogram that can name the trace of a request as an example of a bucket. */
export class ExemplarHistogram<Label extends string> {
  constructor(private readonly histogram: HistogramWithExemplars) {}

  observe(labels: Readonly<Record<Label, string>>, value: number): void {
    this.histogram.observeWithoutExemplar(labels, value);
  }

  /**
   * Names the trace of `traceId` as the example of the bucket of `value`, where that was observed before. Whether a
   * trace is kept is known only when its request is over.
   */
  exemplify(labels: Readonly<Record<Label, string>>, value: number, traceId: string): void {
    const wanted = Object.entries<string>(labels);
    const observed = Object.values(this.histogram.hashMap);
    if (observed.some((series) => wanted.every(([name, text]) => series.labels[name] === text))) {
      this.histogram.updateExemplar(labels, value, { [TRACE_ID]: traceId });
    }
  }
}

/** Makes the instruments of one registry. Labels are bounded words, never what a caller has sent. */
export class Instruments {
  readonly registry = new Registry();

  counter<Label extends string = never>(name: string, help: string, labelNames: Label[] = []): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  histogram<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    buckets: number[],
  ): Histogram<Label> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }

  /** A histogram of durations in seconds. */
  durations<Label extends string>(name: string, help: string, labelNames: Label[]): Histogram<Label> {
    return this.histogram(name, help, labelNames, DURATION_BUCKETS_S);
  }

  /** A histogram of durations in seconds whose buckets have examples. */
  durationsWithExemplars<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
  ): ExemplarHistogram<Label> {
    const options = { name, help, labelNames, buckets: DURATION_BUCKETS_S, registers: [], enableExemplars: true };
    const histogram = new HistogramWithExemplars(options);
    this.registry.registerMetric(histogram); // the constructor refuses it, since classic text does not show examples
    return new ExemplarHistogram(histogram);
  }

  /** A gauge without labels; it has no sample until it is followed. */
  followed(name: string, help: string): Follow {
    let read: () => number | undefined = () => undefined;
    this.gauge(name, help, [], () => {
      const value = read();
      return value === undefined ? [] : [{ labels: {}, value }];
    });
    return (newRead) => (read = newRead);
  }

  /** A gauge with the samples that `read` gives whenever the metrics are read, and no others. Must not reject. */
  gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    read: () => readonly Sample<Label>[] | Promise<readonly Sample<Label>[]>,
  ): void {
    const show = (samples: readonly Sample<Label>[]): void => {
      gauge.reset(); // what is no longer there leaves no last reading behind
      if (labelNames.length === 0 && samples.length === 0) gauge.remove();
      for (const { labels, value } of samples) gauge.set(labels, value);
    };
    const gauge: Gauge<Label> = new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect: () => {
        const samples = read();
        if (samples instanceof Promise) return samples.then(show);
        show(samples);
      },
    });
  }
}

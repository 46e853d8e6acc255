import { createHistogram } from 'node:perf_hooks';
import { type Clock, Timer } from '#core';

/** How often the loop is looked at. */
const PERIOD_MS = 10;
/** A window that is older than this is closed by the next reading. */
const WINDOW_MS = 30_000;
const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;

/** Up to an hour, to one hundredth of the value: 40 kB. Node's default is nine times as large. */
const HISTOGRAM = { lowest: 1, highest: 3_600 * NS_PER_S, figures: 2 };

/** Delays of the event loop in seconds. */
export interface DelayReading {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly stddev: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/**
 * How late the event loop comes to a timer of 10 ms, over the last 30 seconds at least. Any number of readers see the
 * same: a reading takes nothing away from the next. `perf_hooks.monitorEventLoopDelay` of Node 24 counts the period
 * itself as delay, and after a reset it misses what comes first.
 */
export class EventLoopDelay {
  private readonly timer: Timer;
  private previous = createHistogram(HISTOGRAM);
  private current = createHistogram(HISTOGRAM);
  private windowStartMs: number;

  /** Begins at once. It never keeps the process alive. */
  constructor(private readonly clock: Clock) {
    this.timer = new Timer(clock);
    this.windowStartMs = clock.now();
    this.next();
  }

  /** Undefined before the first 10 ms are over. */
  read(): DelayReading | undefined {
    if (this.clock.now() - this.windowStartMs >= WINDOW_MS) this.closeWindow();
    const all = createHistogram(HISTOGRAM);
    all.add(this.previous);
    all.add(this.current);
    if (all.count === 0) return undefined;
    const percentile = (percent: number): number => all.percentile(percent) / NS_PER_S;
    return {
      ...{ min: all.min / NS_PER_S, max: all.max / NS_PER_S },
      ...{ mean: all.mean / NS_PER_S, stddev: all.stddev / NS_PER_S },
      ...{ p50: percentile(50), p90: percentile(90), p99: percentile(99) },
    };
  }

  stop(): void {
    this.timer.clear();
  }

  private next(): void {
    const dueAtMs = this.clock.now() + PERIOD_MS;
    this.timer.set(PERIOD_MS, () => {
      const lateNs = Math.round((this.clock.now() - dueAtMs) * NS_PER_MS);
      this.current.record(Math.max(1, lateNs)); // the histogram takes nothing below 1
      this.next();
    });
  }

  private closeWindow(): void {
    this.previous = this.current;
    this.current = createHistogram(HISTOGRAM);
    this.windowStartMs = this.clock.now();
  }
}

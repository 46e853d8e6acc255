import { setImmediate } from 'node:timers/promises';
import { collectDefaultMetrics } from 'prom-client';
import type { Clock } from '#core';
import { EventLoopDelay, type DelayReading } from './event-loop-delay.js';
import { countCollections, GC_DURATION } from './gc-pauses.js';
import type { Instruments } from './instruments.js';

/** prom-client's names of the delay, by figure. */
const DELAYS = {
  min: 'nodejs_eventloop_lag_min_seconds',
  max: 'nodejs_eventloop_lag_max_seconds',
  mean: 'nodejs_eventloop_lag_mean_seconds',
  stddev: 'nodejs_eventloop_lag_stddev_seconds',
  p50: 'nodejs_eventloop_lag_p50_seconds',
  p90: 'nodejs_eventloop_lag_p90_seconds',
  p99: 'nodejs_eventloop_lag_p99_seconds',
} as const satisfies Record<keyof DelayReading, string>;
const LAG_NOW = 'nodejs_eventloop_lag_seconds';

/** prom-client's own monitor of the event loop cannot be left out; with the longest period of a timer it sleeps. */
const NEVER_MS = 2 ** 31 - 1;

/** Memory, processor, garbage collection and event loop of the process, by prom-client's names. */
export class RuntimeMetrics {
  private readonly delay: EventLoopDelay;
  private readonly endCounting: () => void;

  constructor(
    instruments: Instruments,
    private readonly clock: Clock,
  ) {
    const { registry } = instruments;
    this.delay = new EventLoopDelay(clock);
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: NEVER_MS });
    for (const name of [GC_DURATION, LAG_NOW, ...Object.values(DELAYS)]) registry.removeSingleMetric(name);
    this.endCounting = countCollections(instruments);
    const show = (figure: keyof DelayReading, help: string): void =>
      instruments.followed(DELAYS[figure], help)(() => this.delay.read()?.[figure]);
    instruments.gauge(LAG_NOW, 'One turn of the event loop, now.', [], async () => [
      { labels: {}, value: await this.turnSeconds() },
    ]);
    show('min', 'Least delay of the event loop in the last 30 s.');
    show('max', 'Largest delay of the event loop in the last 30 s.');
    show('mean', 'Mean delay of the event loop in the last 30 s.');
    show('stddev', 'Standard deviation of the delay of the event loop in the last 30 s.');
    show('p50', 'Median delay of the event loop in the last 30 s.');
    show('p90', '90th percentile of the delay of the event loop in the last 30 s.');
    show('p99', '99th percentile of the delay of the event loop in the last 30 s.');
  }

  /** Of the last 30 s; undefined at the very start. */
  delayNow(): DelayReading | undefined {
    return this.delay.read();
  }

  close(): void {
    this.delay.stop();
    this.endCounting();
  }

  /** Not the turn in which the metrics are made, which is longer than others. */
  private async turnSeconds(): Promise<number> {
    await setImmediate();
    const startMs = this.clock.now();
    await setImmediate();
    return (this.clock.now() - startMs) / 1000;
  }
}

import type { Counter } from 'prom-client';
import type { Instruments } from './instruments.js';

/** What became of a request's trace; `no`: it was not kept. */
export type TraceOutcome = 'sampled' | 'failed' | 'slow' | 'quiet' | 'no';

/** Where kept traces are let go again. */
export type TraceSinkName = 'memory' | 'database' | 'exporter';

/** What telemetry itself has kept and has let go. */
export class TelemetryMetrics {
  private readonly traces: Counter<'kept'>;
  private readonly tracesDropped: Counter<'where'>;
  private readonly logLinesDropped: Counter;

  constructor(instruments: Instruments) {
    this.traces = instruments.counter('clip_traces_total', 'Finished requests, by why their trace was kept.', ['kept']);
    this.tracesDropped = instruments.counter(
      'clip_traces_dropped_total',
      'Kept traces that were let go again or could not be sent.',
      ['where'],
    );
    this.logLinesDropped = instruments.counter('clip_log_lines_dropped_total', 'Access lines left out under load.');
  }

  /** A request has ended. */
  onTrace(kept: TraceOutcome): void {
    this.traces.inc({ kept });
  }

  onTraceDropped(where: TraceSinkName, count = 1): void {
    this.tracesDropped.inc({ where }, count);
  }

  onLogLinesDropped(count = 1): void {
    this.logLinesDropped.inc(count);
  }
}

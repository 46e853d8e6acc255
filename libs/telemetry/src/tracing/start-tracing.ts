import { hostname } from 'node:os';
import type { Clock, RequestTracer } from '#core';
import { headSampler, type SamplerName } from './head-sampler.js';
import { createPropagator, type PropagatorName, type SpanExport, startExport } from './open-telemetry.js';
import type { OtlpProtocol } from './exporters.js';
import { parentReader } from './parent-reader.js';
import type { Kept, TraceSink } from './records.js';
import { Tracer } from './tracer.js';

/** How requests are traced. */
export interface TracingOptions {
  readonly clock: Clock;
  readonly sampler: SamplerName;
  /** The share of requests that is recorded whatever becomes of them, for samplers that take one. */
  readonly ratio: number;
  readonly propagators: readonly PropagatorName[];
  /** Where spans are sent; empty for nowhere. */
  readonly exporters: readonly ('otlp' | 'console')[];
  readonly protocol: OtlpProtocol;
  readonly queueMax: number;
  readonly batchMax: number;
  readonly delayMs: number;
  readonly timeoutMs: number;
  readonly genAi: boolean;
  /** The version of this service. */
  readonly version: string;
  /** Get what is kept; more may be added while the process starts. */
  readonly sinks: readonly TraceSink[];
  /** Gets each ended request by what became of its trace. */
  onEnded(kept: Kept | 'no'): void;
  /** Gets the number of spans that the exporter had to drop, or of kept requests that are not stored. */
  onDropped(where: 'exporter' | 'memory', count: number): void;
  /** Spans cannot be sent for now (the reason), or can be again (undefined). */
  onExportState(err: unknown): void;
  /** A sink failed, which it must not. */
  onFailure(err: unknown): void;
}

/** The tracing of a process. */
export interface Tracing {
  readonly tracer: RequestTracer;
  /** Sends what waits to the collector; takes about two seconds at most, and never rejects. */
  close(): Promise<void>;
}

/**
 * Starts tracing. To be called before a database is opened, whose driver is traced only when it is loaded afterwards.
 *
 * @example
 * const tracing = await startTracing({ clock, sampler: 'parentbased_traceidratio', ratio: 0.01, …rest });
 * const parts = protocolParts({ …services, tracer: tracing.tracer });
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const { sampler, ratio, propagators, exporters, genAi } = options;
  const propagator = await createPropagator(propagators);
  const onDropped = (spans: number): void => options.onDropped('exporter', spans);
  const sending: SpanExport | undefined =
    exporters.length === 0
      ? undefined
      : await startExport({ ...options, propagator, onDropped, onState: options.onExportState });
  const tracer = new Tracer({
    ...options,
    sampler: headSampler(sampler, ratio),
    parentReader: parentReader(propagator),
    exported: sending?.queue,
    pod: hostname(),
    genAi,
  });
  return { tracer, close: () => sending?.close() ?? Promise.resolve() };
}

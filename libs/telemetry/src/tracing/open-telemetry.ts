import type { TextMapPropagator } from '@opentelemetry/api';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { type Clock, withDeadline } from '#core';
import { serviceResource } from '../resource/service-resource.js';
import { createExporters, type OtlpProtocol } from './exporters.js';
import { type SendSpans, SpanQueue, type SpanQueueOptions } from './span-queue.js';

/** The propagators of OTEL_PROPAGATORS that are known here. */
export type PropagatorName = 'tracecontext' | 'baggage' | 'b3' | 'b3multi' | 'none';

/** Makes the propagator of these names; null for `none`. */
export async function createPropagator(names: readonly PropagatorName[]): Promise<TextMapPropagator | null> {
  if (names.includes('none')) return null;
  const propagators = await Promise.all(names.map(propagatorOf));
  return new CompositePropagator({ propagators });
}

async function propagatorOf(name: PropagatorName): Promise<TextMapPropagator> {
  if (name === 'tracecontext') return new W3CTraceContextPropagator();
  if (name === 'baggage') return new W3CBaggagePropagator();
  const { B3InjectEncoding, B3Propagator } = await import('@opentelemetry/propagator-b3');
  return new B3Propagator(name === 'b3multi' ? { injectEncoding: B3InjectEncoding.MULTI_HEADER } : {});
}

/** What spans are exported with. */
export interface ExportOptions extends Omit<SpanQueueOptions, 'send'> {
  readonly exporters: readonly ('otlp' | 'console')[];
  readonly protocol: OtlpProtocol;
  readonly propagator: TextMapPropagator | null;
  /** The version of this service. */
  readonly version: string;
  readonly clock: Clock;
}

/** How long the end of the process may wait for the collector, in milliseconds. */
const CLOSE_MS = 2_000;

/** What sends spans away, and what traces outgoing requests and the database. */
export interface SpanExport {
  readonly queue: SpanQueue;
  /** Sends what waits and ends it all, within about two seconds. Never rejects. */
  close(): Promise<void>;
}

/**
 * Starts OpenTelemetry's SDK with the maintained instrumentations of outgoing requests (undici's diagnostics channel)
 * and of PostgreSQL (`pg`, which typeorm requires when it connects: start this before). SQLite has none:
 * `@opentelemetry/instrumentation-typeorm` would trace it too, but writes whole statements with their values, and
 * patches typeorm by its internals. It is loaded here and not before, since it takes memory that a service without an
 * exporter does not need.
 */
export async function startExport(options: ExportOptions): Promise<SpanExport> {
  const { clock, exporters: names, protocol, propagator, version } = options;
  const [sdk, sdkTrace, undici, pg, context, spans] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/instrumentation-undici'),
    import('@opentelemetry/instrumentation-pg'),
    import('./request-context.js'),
    import('./instrumentation-spans.js'),
  ]);
  const resource = await serviceResource(version);
  const exporters = await createExporters(names, protocol, { resource, version });
  const node = new sdk.NodeSDK({
    resource,
    autoDetectResources: false,
    contextManager: new context.RequestContextManager(),
    textMapPropagator: propagator,
    // A span of theirs belongs to a request that is sampled; outside of one there are none.
    sampler: new sdkTrace.ParentBasedSampler({ root: new sdkTrace.AlwaysOffSampler() }),
    spanProcessors: [new spans.InstrumentationSpans(clock)],
    instrumentations: [
      new undici.UndiciInstrumentation({ requireParentforSpans: true }),
      new pg.PgInstrumentation({ requireParentSpan: true }),
    ],
    // Left out, these would be sent to a collector on this machine.
    metricReaders: [],
    logRecordProcessors: [],
  });
  node.start();
  const send: SendSpans = async (records) => {
    await Promise.all(exporters.map((exporter) => exporter.send(records)));
  };
  const queue = new SpanQueue({ ...options, send });
  return {
    queue,
    close: async () => {
      await queue.close(CLOSE_MS);
      const ended = Promise.allSettled([node.shutdown(), ...exporters.map((exporter) => exporter.close())]);
      await withDeadline(clock, CLOSE_MS / 4, ended, () => []);
    },
  };
}

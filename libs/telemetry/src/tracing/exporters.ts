import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { SpanAttributes } from '#core';
import { OtlpEncoder } from './otlp-encoder.js';
import { toReadableSpan } from './readable-span.js';
import type { SpanRecord } from './records.js';
import type { SendSpans } from './span-queue.js';

/** How a collector is spoken to. */
export type OtlpProtocol = 'grpc' | 'http/protobuf' | 'http/json';

/** Sends spans somewhere. */
export interface SpanExporter {
  send: SendSpans;
  close(): Promise<void>;
}

/** In whose name spans are sent. */
export interface SpanSource {
  readonly resource: Resource;
  /** The version of this service. */
  readonly version: string;
}

/**
 * Makes the exporters of these names. They read endpoint, headers, timeout, compression and certificates from the
 * standard variables, and try again what a collector asks them to.
 */
export function createExporters(
  names: readonly ('otlp' | 'console')[],
  protocol: OtlpProtocol,
  source: SpanSource,
): Promise<SpanExporter[]> {
  return Promise.all(names.map((name) => (name === 'console' ? consoleExporter(source) : OTLP[protocol](source))));
}

/** What the parts of OpenTelemetry that send something have in common. */
interface Sending<Sent> {
  export(spans: Sent, done: (result: ExportResult) => void): void;
  shutdown(): Promise<void>;
}

function exporterOf<Sent>(sending: Sending<Sent>, prepare: (records: readonly SpanRecord[]) => Sent): SpanExporter {
  return {
    send: (records) =>
      new Promise((resolve, reject) => {
        sending.export(prepare(records), ({ code, error }) =>
          code === ExportResultCode.SUCCESS ? resolve() : reject(error ?? new Error('the collector took nothing')),
        );
      }),
    close: () => sending.shutdown(),
  };
}

const readable = ({ resource, version }: SpanSource) => {
  const scope = { name: 'clip-as-service', version };
  return (records: readonly SpanRecord[]) => records.map((record) => toReadableSpan(record, resource, scope));
};

async function consoleExporter(source: SpanSource): Promise<SpanExporter> {
  const { ConsoleSpanExporter } = await import('@opentelemetry/sdk-trace');
  return exporterOf(new ConsoleSpanExporter(), readable(source));
}

const OTLP: Readonly<Record<OtlpProtocol, (source: SpanSource) => Promise<SpanExporter>>> = {
  'http/json': async (source) => {
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
    return exporterOf(new OTLPTraceExporter(), readable(source));
  },
  'http/protobuf': async (source) => {
    const { convertLegacyHttpOptions, createOtlpHttpExportDelegate } =
      await import('@opentelemetry/otlp-exporter-base/node-http');
    const options = convertLegacyHttpOptions({}, 'TRACES', 'v1/traces', { 'Content-Type': 'application/x-protobuf' });
    const serializer = await serializerOf(source);
    return exporterOf(
      createOtlpHttpExportDelegate(options, serializer, 'otlp_http_span_exporter', COUNTED, undefined),
      (records) => records,
    );
  },
  grpc: async (source) => {
    const { convertLegacyOtlpGrpcOptions, createOtlpGrpcExportDelegate } =
      await import('@opentelemetry/otlp-grpc-exporter-base');
    const options = convertLegacyOtlpGrpcOptions({}, 'TRACES');
    const serializer = await serializerOf(source);
    return exporterOf(
      createOtlpGrpcExportDelegate(
        ...([options, serializer, 'otlp_grpc_span_exporter', COUNTED, undefined] as const),
        ...(['TraceExportService', '/opentelemetry.proto.collector.trace.v1.TraceService/Export'] as const),
      ),
      (records) => records,
    );
  },
};

const COUNTED = { name: 'span', countItems: ({ length }: readonly SpanRecord[]) => length } as const;

async function serializerOf({ resource, version }: SpanSource) {
  const { ProtobufTraceSerializer } = await import('@opentelemetry/otlp-transformer');
  const encoder = new OtlpEncoder(plain(resource.attributes), version);
  return {
    serializeRequest: (records: readonly SpanRecord[]) => encoder.encode(records),
    deserializeResponse: (bytes: Uint8Array) => ProtobufTraceSerializer.deserializeResponse(bytes),
  };
}

/** Attributes of a resource may be lists, of which a process's own has none that matters. */
function plain(attributes: Resource['attributes']): SpanAttributes {
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') kept[name] = value;
  }
  return kept;
}

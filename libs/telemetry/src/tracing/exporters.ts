import { ExportResultCode } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { toReadableSpan } from './readable-span.js';
import type { SendSpans } from './span-queue.js';

/** How a collector is spoken to. */
export type OtlpProtocol = 'grpc' | 'http/protobuf' | 'http/json';

/** Makes the exporters of these names; each reads its endpoint, headers and the like from the standard variables. */
export function createExporters(
  names: readonly ('otlp' | 'console')[],
  protocol: OtlpProtocol,
): Promise<SpanExporter[]> {
  return Promise.all(names.map((name) => (name === 'console' ? consoleExporter() : otlpExporter(protocol))));
}

async function consoleExporter(): Promise<SpanExporter> {
  const { ConsoleSpanExporter } = await import('@opentelemetry/sdk-trace');
  return new ConsoleSpanExporter();
}

async function otlpExporter(protocol: OtlpProtocol): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    protocol === 'grpc'
      ? await import('@opentelemetry/exporter-trace-otlp-grpc')
      : protocol === 'http/json'
        ? await import('@opentelemetry/exporter-trace-otlp-http')
        : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter();
}

/** Sends spans by every exporter, in the name of `resource`; rejects when one of them fails. */
export function sendBy(exporters: readonly SpanExporter[], resource: Resource, version: string): SendSpans {
  const scope = { name: 'clip-as-service', version };
  return async (records) => {
    const spans = records.map((record) => toReadableSpan(record, resource, scope));
    const exported = exporters.map(
      (exporter) =>
        new Promise<void>((resolve, reject) => {
          exporter.export(spans, ({ code, error }) =>
            code === ExportResultCode.SUCCESS ? resolve() : reject(error ?? new Error('the exporter failed')),
          );
        }),
    );
    await Promise.all(exported);
  };
}

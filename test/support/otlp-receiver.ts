import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { Server as GrpcServer, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const definitions = loadSync(join(import.meta.dirname, 'otlp/trace.proto'), { longs: String, defaults: true });
const service = definitions['opentelemetry.proto.collector.trace.v1.TraceService'] as ServiceDefinition;
const decodeProtobuf = service['Export']!.requestDeserialize as (bytes: Buffer) => ExportMessage;

/** A span as a collector got it. Ids in hexadecimal, times in milliseconds since 1970. */
export interface ReceivedSpan {
  name: string;
  /** 1 internal, 2 server, 3 client (trace.proto, SpanKind). */
  kind: number;
  traceId: string;
  spanId: string;
  /** Empty for a root. */
  parentSpanId: string;
  startMs: number;
  endMs: number;
  attributes: Record<string, unknown>;
  links: { traceId: string; spanId: string }[];
  /** 2 for a failure. */
  statusCode: number;
  resource: Record<string, unknown>;
}

/** How a receiver answers; `hang` never does. */
export type Answering = 'accept' | 'fail' | 'hang';

/** An OTLP collector of a test's own: HTTP with protobuf or JSON, or gRPC. It keeps what it gets. */
export class OtlpReceiver implements AsyncDisposable {
  readonly spans: ReceivedSpan[] = [];
  /** The content types of the requests, in order. */
  readonly contentTypes: string[] = [];
  /** Everything that came, as it came. */
  readonly bytes: Buffer[] = [];
  private readonly waiting = new Set<() => void>();

  private constructor(
    readonly port: number,
    private readonly end: () => Promise<void>,
  ) {}

  /** Over HTTP; `http://127.0.0.1:PORT` is its endpoint. */
  static async http(answering: Answering = 'accept'): Promise<OtlpReceiver> {
    const server: Server = createServer((req, res) => {
      void receiver.take(req).then(() => {
        if (answering === 'accept') res.writeHead(200).end();
        else if (answering === 'fail') res.writeHead(500).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const receiver = new OtlpReceiver(port, () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    });
    return receiver;
  }

  /** Over gRPC. */
  static async grpc(): Promise<OtlpReceiver> {
    const server = new GrpcServer();
    server.addService(service, {
      Export: (call: { request: ExportMessage }, done: (err: null, answer: object) => void) => {
        receiver.contentTypes.push('application/grpc');
        receiver.add(call.request, (id) => Buffer.from(id as Uint8Array).toString('hex'));
        done(null, {});
      },
    });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (err, bound) =>
        err ? reject(err) : resolve(bound),
      );
    });
    const receiver = new OtlpReceiver(port, async () => server.forceShutdown());
    return receiver;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The spans of one trace. */
  trace(traceId: string): ReceivedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  /** Resolves with what `find` finds among the spans, as soon as it finds something. */
  async until<Found>(find: (spans: readonly ReceivedSpan[]) => Found | undefined): Promise<Found> {
    for (;;) {
      const found = find(this.spans);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }

  private async take(req: IncomingMessage): Promise<void> {
    const body = await buffer(req);
    const bytes = req.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    const type = String(req.headers['content-type']);
    this.bytes.push(bytes);
    this.contentTypes.push(type);
    if (type.includes('json')) this.add(JSON.parse(bytes.toString()) as ExportMessage, String);
    else this.add(decodeProtobuf(bytes), (id) => Buffer.from(id as Uint8Array).toString('hex'));
  }

  private add({ resourceSpans = [] }: ExportMessage, toHex: (id: unknown) => string): void {
    for (const { resource, scopeSpans = [] } of resourceSpans) {
      for (const { spans = [] } of scopeSpans) {
        this.spans.push(...spans.map((span) => received(span, attributesOf(resource?.attributes), toHex)));
      }
    }
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const proceed of waiting) proceed();
  }
}

interface KeyValue {
  key: string;
  value: { stringValue?: string; intValue?: string; doubleValue?: number; boolValue?: boolean };
}

interface SpanMessage {
  traceId: unknown;
  spanId: unknown;
  parentSpanId?: unknown;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: KeyValue[];
  links?: { traceId: unknown; spanId: unknown }[];
  status?: { code?: number } | null;
}

interface ExportMessage {
  resourceSpans?: { resource?: { attributes?: KeyValue[] }; scopeSpans?: { spans?: SpanMessage[] }[] }[];
}

function received(span: SpanMessage, resource: Record<string, unknown>, toHex: (id: unknown) => string): ReceivedSpan {
  const { parentSpanId, links = [], attributes } = span;
  return {
    name: span.name,
    kind: span.kind,
    traceId: toHex(span.traceId),
    spanId: toHex(span.spanId),
    parentSpanId: parentSpanId === undefined ? '' : toHex(parentSpanId),
    startMs: Number(span.startTimeUnixNano) / 1e6,
    endMs: Number(span.endTimeUnixNano) / 1e6,
    attributes: attributesOf(attributes),
    links: links.map((link) => ({ traceId: toHex(link.traceId), spanId: toHex(link.spanId) })),
    statusCode: span.status?.code ?? 0,
    resource,
  };
}

function attributesOf(attributes: KeyValue[] = []): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => {
      const { stringValue, intValue, doubleValue, boolValue } = value;
      return [key, stringValue ?? (intValue === undefined ? (doubleValue ?? boolValue) : Number(intValue))];
    }),
  );
}

import { join } from 'node:path';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { describe, expect, it } from 'vitest';
import { OtlpEncoder } from './otlp-encoder.js';
import { toReadableSpan } from './readable-span.js';
import type { SpanRecord } from './records.js';

const proto = join(import.meta.dirname, '../../../../test/support/otlp/trace.proto');
const { 'opentelemetry.proto.collector.trace.v1.TraceService': service } = loadSync(proto, { longs: String });
const decode = (service as ServiceDefinition)['Export']!.requestDeserialize;

const span = (changes: Partial<SpanRecord> = {}): SpanRecord => ({
  name: 'run',
  kind: 'internal',
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  parentSpanId: '00f067aa0ba902b7',
  startMs: 1_796_000_000_000,
  endMs: 1_796_000_000_001,
  attributes: { 'clip.items': 1 },
  links: [],
  error: undefined,
  ...changes,
});

const resource = { 'service.name': 'clip-as-service', 'service.version': '0.1.0' };

/** What both encoders make of `spans`, decoded; attributes are a set, so in the order of their names. */
function both(spans: readonly SpanRecord[]): [unknown, unknown] {
  const source = resourceFromAttributes(resource);
  const scope = { name: 'clip-as-service', version: '0.1.0' };
  const readable = spans.map((one) => toReadableSpan(one, source, scope));
  const theirs = ProtobufTraceSerializer.serializeRequest(readable) ?? new Uint8Array();
  const ours = new OtlpEncoder(resource, '0.1.0').encode(spans);
  return [ours, theirs].map((bytes) => ordered(decode(Buffer.from(bytes)))) as [unknown, unknown];
}

/** A default that one encoder writes and the other leaves out is the same message. */
function ordered(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (Array.isArray(value)) {
    const items = value.map(ordered) as { key?: string }[];
    return items.every(({ key }) => key !== undefined)
      ? items.sort((one, other) => ((one.key ?? '') < (other.key ?? '') ? -1 : 1))
      : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, ordered(inner)] as const)
      .filter(([key, inner]) => !(key === 'status' && JSON.stringify(inner) === '{"code":0}')),
  );
}

describe('OtlpEncoder', () => {
  it.each<[string, Partial<SpanRecord>]>([
    ['a part of a request', {}],
    ['a root', { parentSpanId: undefined }],
    ['a server span that failed', { kind: 'server', error: 'queue_full' }],
    ['a client span', { kind: 'client' }],
    ['links, sampled and not', { links: [true, false].map((sampled) => ({ ...span(), sampled })) }],
    ['texts beyond ASCII, short and long', { name: 'größer', attributes: { short: 'ö', long: 'ö🙂'.repeat(50) } }],
    ['an empty text', { attributes: { empty: '' } }],
    [
      'numbers and yes or no',
      { attributes: { zero: 0, large: 2 ** 40, part: 0.25, below: -1.5, yes: true, no: false } },
    ],
    ['many attributes', { attributes: Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`key${at}`, at])) }],
  ])('writes %s as the library does', (_what, changes) => {
    const [ours, theirs] = both([span(changes), span()]);
    expect(ours).toEqual(theirs);
  });

  it('writes any number of spans, in their order', () => {
    const spans = Array.from({ length: 3_000 }, (_, at) => span({ name: `span ${at} ${'x'.repeat(at % 700)}` }));
    const [ours, theirs] = both(spans);
    expect(ours).toEqual(theirs);
  });
});

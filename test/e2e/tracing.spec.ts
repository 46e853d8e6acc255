import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { OtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.js';
import { postgresAvailable, startPostgres } from '../support/postgres.js';
import { repositoryRoot, type RunningServer, runServerToEnd, startServer } from '../support/server.js';
import { ENCODE_CALLS } from './support/calls-with-token.js';
import { type DataMessage, dataMessage } from './support/documents.js';
import { duplex, grpcClient } from './support/grpc-clients.js';
import { eventually, metric } from './support/server-process.js';
import { TokenDesk } from '../support/tokens.js';
import { TRACED_CALLS } from './support/traced-calls.js';

const picture = readFileSync(join(repositoryRoot, 'test/fixtures/count-1.png'));

let traces = 0;

/** A caller's span, and the header that names it. */
function callersSpan(flags = '01'): { traceId: string; spanId: string; traceparent: string } {
  const traceId = (++traces).toString(16).padStart(32, 'a');
  const spanId = 'b7ad6b7169203331';
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` };
}

/** The spans of a request and of the batch that it rode in, once both are there. */
async function whole(receiver: OtlpReceiver, traceId: string): Promise<{ own: ReceivedSpan[]; batch: ReceivedSpan[] }> {
  return receiver.until((spans) => {
    const own = spans.filter((span) => span.traceId === traceId);
    const run = own.find(({ name }) => name === 'run');
    const batch = spans.filter((span) => span.traceId === run?.links[0]?.traceId);
    return own.some(({ kind }) => kind === 2) && batch.length >= 3 ? { own, batch } : undefined;
  });
}

const only = (spans: readonly ReceivedSpan[], name: string): ReceivedSpan => {
  const found = spans.filter((span) => span.name === name);
  expect(found, `spans named ${name}`).toHaveLength(1);
  return found[0]!;
};

describe('with a collector', () => {
  let receiver: OtlpReceiver;
  let server: RunningServer;
  beforeAll(async () => {
    receiver = await OtlpReceiver.http();
    server = await startServer({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
        OTEL_BSP_SCHEDULE_DELAY: '100',
        OTEL_TRACES_SAMPLER_ARG: '0',
      },
    });
  });
  afterAll(async () => {
    await server?.stop();
    await receiver?.[Symbol.asyncDispose]();
  });

  it.each(TRACED_CALLS)(
    '%s, with the trace in %s, is a part of its caller, and its batch a trace that links it',
    async (name, _how, call) => {
      const caller = callersSpan();
      await call(server, caller.traceparent, picture);
      const { own, batch } = await whole(receiver, caller.traceId);
      const request = only(own, name);
      expect(request).toMatchObject({ kind: 2, parentSpanId: caller.spanId, statusCode: 0 });
      expect(request.attributes).toMatchObject({
        'clip.items': 1,
        'clip.outcome': 'ok',
        'clip.model': 'mini-clip',
        'clip.token': 'anonymous',
        'client.address': '127.0.0.1',
      });
      expect(request.resource).toMatchObject({ 'service.name': 'clip-as-service' });
      const parts = own.filter((span) => span !== request);
      for (const part of parts) expect(part.parentSpanId, part.name).toBe(request.spanId);
      expect(parts.map((part) => part.name)).toEqual(expect.arrayContaining(['authenticate', 'queue', 'run']));
      const run = only(parts, 'run');
      const root = only(batch, 'batch');
      expect(run.links).toEqual([{ traceId: root.traceId, spanId: root.spanId }]);
      expect(root.links).toContainEqual({ traceId: run.traceId, spanId: run.spanId });
      for (const part of ['prepare', 'run']) expect(only(batch, part).parentSpanId).toBe(root.spanId);
      for (const span of [...own, ...batch]) {
        expect(span.endMs, span.name).toBeGreaterThanOrEqual(span.startMs);
        expect(span.startMs, span.name).toBeGreaterThanOrEqual(request.startMs - 0.01);
        expect(span.endMs, span.name).toBeLessThanOrEqual(request.endMs + 0.01);
      }
    },
  );

  it('names the protocol as the conventions have it', async () => {
    const [grpc, http] = [callersSpan(), callersSpan()];
    await TRACED_CALLS[0]![2](server, grpc.traceparent, picture);
    await TRACED_CALLS.find(([name]) => name === 'POST /v1/embeddings')![2](server, http.traceparent, picture);
    expect(only((await whole(receiver, grpc.traceId)).own, 'clip.v1.Clip/Encode').attributes).toMatchObject({
      'rpc.system.name': 'grpc',
      'rpc.method': 'clip.v1.Clip/Encode',
      'rpc.response.status_code': 'OK',
    });
    expect(only((await whole(receiver, http.traceId)).own, 'POST /v1/embeddings').attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/v1/embeddings',
      'http.response.status_code': 200,
      'url.scheme': 'http',
      'network.protocol.version': '1.1',
    });
  });

  it('answers with the span of the request, and lets the page of a browser read it', async () => {
    const { traceId, traceparent } = callersSpan('00');
    const headers = { 'content-type': 'application/json', traceparent };
    const res = await fetch(server.http('/v1/embeddings'), { method: 'POST', headers, body: '{"input":"a cat"}' });
    expect(res.headers.get('traceresponse')).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
  });

  it('keeps a request that fails although its caller did not sample it, with its code', async () => {
    const { traceId, spanId, traceparent } = callersSpan('00');
    const headers = { 'content-type': 'application/json', traceparent };
    await fetch(server.http('/v1/embeddings'), { method: 'POST', headers, body: '{"input":[]}' });
    const span = await receiver.until((spans) => spans.find((one) => one.traceId === traceId && one.kind === 2));
    expect(span).toMatchObject({ parentSpanId: spanId, statusCode: 2 });
    expect(span.attributes).toMatchObject({ 'error.type': 'invalid_argument', 'http.response.status_code': 422 });
  });

  it('takes a trace among the parameters for that message alone', async () => {
    const caller = callersSpan();
    const client = grpcClient('jina.JinaRPC', server.target);
    const stream = duplex<DataMessage, DataMessage>(client, 'Call');
    const fields = { traceparent: { stringValue: caller.traceparent } };
    const message = (): DataMessage => dataMessage('r', [{ id: 'r-0', blob: Buffer.from('no picture') }]);
    const before = receiver.spans.length;
    stream.write({ ...message(), parameters: { fields } });
    stream.end(message());
    for await (const answer of stream as AsyncIterable<DataMessage>) {
      expect(JSON.stringify(answer.parameters ?? {})).not.toContain('traceparent');
    }
    client.close();
    const requests = await receiver.until((spans) => {
      const found = spans.slice(before).filter(({ name }) => name === 'jina.JinaRPC/Call');
      return found.length === 2 ? found : undefined;
    });
    expect(requests.map(({ traceId }) => traceId === caller.traceId).sort()).toEqual([false, true]);
  });

  it('names the span of a connection in the answer to its upgrade', async () => {
    const { traceId, traceparent } = callersSpan('00');
    const socket = new WebSocket(server.ws(), { headers: { traceparent } });
    const [res] = (await once(socket, 'upgrade')) as [IncomingMessage];
    expect(res.headers['traceresponse']).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
    socket.terminate();
  });

  it('names the span of a gRPC call in its initial metadata', async () => {
    const { traceId, traceparent } = callersSpan('00');
    const metadata = new Metadata();
    metadata.set('traceparent', traceparent);
    const client = grpcClient('clip.v1.Clip', server.target);
    const stream = duplex<object, object>(client, 'EncodeStream', metadata);
    const told = once(stream, 'metadata') as Promise<[Metadata]>;
    stream.end({ id: '1', items: [{ text: 'a cat' }] });
    for await (const _answer of stream);
    client.close();
    expect(String((await told)[0].get('traceresponse')[0])).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
  });

  it('gives each message of a stream a trace of its own where the stream names no caller', async () => {
    const before = receiver.spans.length;
    const client = grpcClient('clip.v1.Clip', server.target);
    const stream = duplex<object, { id: string }>(client, 'EncodeStream');
    for (const id of ['1', '2', '3']) stream.write({ id, model: 'no-such-model', items: [{ text: 'a' }] });
    stream.end();
    for await (const _answer of stream);
    client.close();
    const requests = await receiver.until((spans) => {
      const found = spans.slice(before).filter(({ name }) => name === 'clip.v1.Clip/EncodeStream');
      return found.length === 3 ? found : undefined;
    });
    expect(new Set(requests.map(({ traceId }) => traceId)).size).toBe(3);
    expect(requests.map(({ attributes }) => attributes['error.type'])).toEqual(Array(3).fill('model_unknown'));
  });
});

it('shows the calls of refused callers on every protocol, with the reason', async () => {
  await using receiver = await OtlpReceiver.http();
  await using server = await startServer({
    env: { CAS_AUTH: 'required', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint, OTEL_BSP_SCHEDULE_DELAY: '100' },
  });
  for (const encode of Object.values(ENCODE_CALLS)) expect(await encode(server, 'cas_pat_nonsense')).not.toBe('ok');
  const isRefused = ({ kind, attributes }: ReceivedSpan) =>
    kind === 2 && attributes['error.type'] === 'unauthenticated' && attributes['clip.token'] === 'unauthenticated';
  const names = [...TRACED_CALLS.map(([name]) => name), 'jina.JinaSingleDataRequestRPC/process_single_data'];
  const wanted = names.filter((name) => !name.startsWith('WebSocket')).concat('WebSocket upgrade');
  await receiver.until((spans) => {
    const refused = new Set(spans.filter(isRefused).map(({ name }) => name));
    return wanted.every((name) => refused.has(name)) || undefined;
  });
});

it.skipIf(!postgresAvailable)('shows what a request waited for in PostgreSQL, without statements', async () => {
  await using receiver = await OtlpReceiver.http();
  const postgres = await startPostgres();
  try {
    await using desk = await TokenDesk.open({ CAS_DATABASE_URL: await postgres.createDatabase() });
    const env = { ...desk.env, CAS_AUTH: 'required', OTEL_BSP_SCHEDULE_DELAY: '100' };
    await using server = await startServer({ env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint } });
    const { token } = await desk.create({ limits: { requestsPerMinute: 100 } });
    const { traceId, traceparent } = callersSpan();
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}`, traceparent };
    const body = '{"input":"a cat"}';
    expect((await fetch(server.http('/v1/embeddings'), { method: 'POST', headers, body })).status).toBe(200);
    const { own } = await whole(receiver, traceId);
    const inDatabase = own.filter(({ attributes }) => attributes['db.system.name'] === 'postgresql');
    expect(inDatabase.length).toBeGreaterThan(0);
    expect(
      Object.keys(Object.assign({}, ...(inDatabase.map(({ attributes }) => attributes) as object[]))),
    ).not.toContain('db.query.text');
  } finally {
    await postgres.dispose();
  }
});

it.each(['http/json', 'grpc'] as const)('speaks OTLP over %s where that is set', async (protocol) => {
  await using receiver = protocol === 'grpc' ? await OtlpReceiver.grpc() : await OtlpReceiver.http();
  await using server = await startServer({
    env: {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: protocol === 'grpc' ? receiver.endpoint : `${receiver.endpoint}/v1/traces`,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_BSP_SCHEDULE_DELAY: '100',
    },
  });
  const { traceId, traceparent } = callersSpan();
  await TRACED_CALLS[0]![2](server, traceparent, picture);
  const { own } = await whole(receiver, traceId);
  expect(only(own, 'clip.v1.Clip/Encode').attributes['clip.items']).toBe(1);
  expect(receiver.contentTypes[0]).toBe(protocol === 'grpc' ? 'application/grpc' : 'application/json');
});

it('sends what is kept before it stops', async () => {
  await using receiver = await OtlpReceiver.http();
  const server = await startServer({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint } });
  const { traceId, traceparent } = callersSpan();
  await TRACED_CALLS[0]![2](server, traceparent, picture);
  expect(await server.stop()).toMatchObject({ code: 0 });
  expect(receiver.trace(traceId).map(({ name }) => name)).toContain('clip.v1.Clip/Encode');
});

it.each(['fail', 'hang'] as const)(
  'answers, counts what it drops and stops in time while the collector does %s',
  async (answering) => {
    await using receiver = await OtlpReceiver.http(answering);
    const server = await startServer({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
        OTEL_TRACES_SAMPLER: 'always_on',
        OTEL_BSP_SCHEDULE_DELAY: '10',
        OTEL_BSP_MAX_QUEUE_SIZE: '8',
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '4',
        OTEL_BSP_EXPORT_TIMEOUT: '1000',
      },
    });
    for (let at = 0; at < 20; at++) await TRACED_CALLS[0]![2](server, callersSpan().traceparent, picture);
    const dropped = () => metric(server, 'clip_traces_dropped_total', { where: 'exporter' });
    await eventually('spans are dropped and counted', async () => (await dropped()) > 0);
    await server.logged((line) => String(line['msg']).startsWith('traces cannot be sent'));
    expect(await server.stop()).toMatchObject({ code: 0 });
    expect(server.text()).not.toContain('stopping failed');
  },
);

it.each(['0', '100'])(
  'traces nothing and tells no trace where OpenTelemetry is turned off, with %s lines a second for requests',
  async (linesMax) => {
    const env = { OTEL_SDK_DISABLED: 'true', CAS_ACCESS_LINES_PER_SECOND: linesMax };
    await using server = await startServer({ env });
    const res = await fetch(server.http('/v1/models'));
    expect([res.status, res.headers.get('traceresponse')]).toEqual([200, null]);
    if (linesMax === '0') return;
    const line = await server.logged(({ msg }) => msg === 'request');
    expect(line).toMatchObject({ requestId: res.headers.get('x-request-id'), trace_flags: '00' });
  },
);

it.each([
  [{ OTEL_TRACES_SAMPLER_ARG: '1.5' }, 'OTEL_TRACES_SAMPLER_ARG is "1.5"; it must be a number from 0 to 1'],
  [{ OTEL_TRACES_SAMPLER: 'bogus' }, 'OTEL_TRACES_SAMPLER is "bogus"; it must be one of parentbased_traceidratio'],
])('does not start with %j', async (env, text) => {
  const { code, text: output } = await runServerToEnd({ env });
  expect(code).toBe(78);
  expect(output).toContain(text);
});

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { kill } from 'node:process';
import { promisify } from 'node:util';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { picture } from '../e2e/support/fixtures.js';
import { eventually, metric, replicasOf } from '../e2e/support/server-process.js';
import { clientReleases, pythonEnvironment, type PythonEnvironment } from '../interop/python-environments.js';
import {
  jaegerAvailable,
  type JaegerSpan,
  type JaegerTrace,
  linksOf,
  parentOf,
  tagOf,
  TestJaeger,
} from '../support/jaeger.js';
import { repositoryRoot, type RunningServer, startServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';

// Real clients, a real collector: what an operator finds in Jaeger.

/** Jaeger is built first, where nobody did that yet. */
const STARTED_WITHIN_MS = 20 * 60_000;
const PNG = join(repositoryRoot, 'test/fixtures/count-1.png');

let jaeger: TestJaeger;
let environment: PythonEnvironment;

beforeAll(async () => {
  if (!jaegerAvailable) return;
  [jaeger, environment] = await Promise.all([TestJaeger.start(), pythonEnvironment(clientReleases.at(-1)!)]);
}, STARTED_WITHIN_MS);

afterAll(() => jaeger?.[Symbol.asyncDispose]());

/** A service that sends its spans at once. */
function startTraced(env: Record<string, string> = {}): Promise<RunningServer> {
  return startServer({
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: jaeger.httpEndpoint,
      OTEL_BSP_SCHEDULE_DELAY: '50',
      CAS_CACHE_BYTES_MAX: '0',
      ...env,
    },
  });
}

const PROTOCOLS = ['grpc', 'http', 'websocket'] as const;

/** Asks for a vector of a picture over each protocol, as a program that traces itself; the ids of its traces. */
async function callFromPython(server: RunningServer): Promise<Record<(typeof PROTOCOLS)[number], string>> {
  if (!('python' in environment)) throw new Error(environment.missing);
  const script = join(import.meta.dirname, 'support/traced_calls.py');
  const { stdout } = await promisify(execFile)(environment.python, [script, server.target, jaeger.httpEndpoint, PNG]);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<(typeof PROTOCOLS)[number], string>;
}

/** The header of a caller that is being traced. */
function caller(): { traceId: string; spanId: string; traceparent: string } {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-01` };
}

/** One picture over HTTP by undici. */
async function embed(server: RunningServer, traceparent: string): Promise<void> {
  const { statusCode, body } = await request(server.http('/v1/embeddings'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent },
    body: JSON.stringify({ input: [{ image: picture('count-1.png').toString('base64') }] }),
  });
  expect([statusCode, statusCode === 200 ? '' : await body.text()]).toEqual([200, '']);
  await body.dump();
}

const named = (trace: JaegerTrace, name: string): JaegerSpan[] =>
  trace.spans.filter(({ operationName }) => operationName === name);

/** The spans of our own service. */
const ofService = ({ spans, processes }: JaegerTrace): JaegerSpan[] =>
  spans.filter(({ processID }) => processes[processID]?.serviceName === 'clip-as-service');

const requestsOf = (trace: JaegerTrace): JaegerSpan[] =>
  ofService(trace).filter((span) => tagOf(span, 'span.kind') === 'server');

/** Looks at one request of a trace and at the batch that it rode in: every span once, each in its place. */
async function expectWhole(trace: JaegerTrace, span: JaegerSpan): Promise<void> {
  const parts = ofService(trace).filter((one) => parentOf(one) === span.spanID);
  const names = parts.map(({ operationName }) => operationName).sort();
  // A message of gRPC has been read before its request begins.
  expect(names.filter((name) => name !== 'read' && name !== 'send')).toEqual(['authenticate', 'queue', 'run']);
  expect(new Set(names).size).toBe(names.length);
  const run = parts.find(({ operationName }) => operationName === 'run')!;
  const [link] = linksOf(run);
  const batch = await jaeger.traceThat(link!.traceID, ({ spans }) => spans.length >= 3);
  expect(batch.spans.map(({ operationName }) => operationName).sort()).toEqual(['batch', 'prepare', 'run']);
  const root = named(batch, 'batch')[0]!;
  expect(root.spanID).toBe(link!.spanID);
  expect(linksOf(root)).toContainEqual({ traceID: trace.traceID, spanID: run.spanID });
  expect(linksOf(root)).toHaveLength(Number(tagOf(root, 'clip.batch.riders')));
  for (const one of batch.spans) if (one !== root) expect(parentOf(one)).toBe(root.spanID);
}

/** Whether that many requests of the trace are there with their parts, which may come one after the other. */
const hasRequests = (count: number) => (trace: JaegerTrace) =>
  requestsOf(trace).length === count &&
  ['authenticate', 'queue', 'run'].every((name) => named(trace, name).length >= count);

describe.skipIf(!jaegerAvailable)('in Jaeger', () => {
  describe.each([
    ['http/protobuf', () => jaeger.httpEndpoint],
    ['http/json', () => jaeger.httpEndpoint],
    ['grpc', () => jaeger.grpcEndpoint],
  ])('by OTLP over %s', (protocol, endpoint) => {
    let server: RunningServer;
    beforeAll(async () => {
      server = await startTraced({ OTEL_EXPORTER_OTLP_PROTOCOL: protocol, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint() });
    });
    afterAll(() => server?.stop());

    it('a picture from a Python program is one trace on every protocol, from its own span to the batch', async (ctx) => {
      if ('missing' in environment) return ctx.skip(environment.missing);
      const traces = await callFromPython(server);
      for (const name of PROTOCOLS) {
        const trace = await jaeger.traceThat(
          traces[name],
          (one) => hasRequests(1)(one) && named(one, `look at a picture over ${name}`).length === 1,
        );
        const [span] = requestsOf(trace);
        const above = trace.spans.find(({ spanID }) => spanID === parentOf(span!));
        expect(trace.processes[above!.processID]?.serviceName).toBe('shop');
        expect(new Set(trace.spans.map(({ spanID }) => spanID)).size).toBe(trace.spans.length);
        await expectWhole(trace, span!);
      }
    });

    it('a picture from undici is a child of the span that its header names', async () => {
      const { traceId, spanId, traceparent } = caller();
      await embed(server, traceparent);
      const trace = await jaeger.traceThat(traceId, hasRequests(1));
      const [span] = requestsOf(trace);
      expect(parentOf(span!)).toBe(spanId);
      await expectWhole(trace, span!);
    });
  });

  it('a trace that was copied as OTLP JSON in the console is the same, loaded by hand', async () => {
    await using desk = await TokenDesk.open();
    const { token } = await desk.create({ scopes: ['admin:*'] });
    await using server = await startServer({ env: { ...desk.env, CAS_CACHE_BYTES_MAX: '0' } });
    const { traceId, spanId, traceparent } = caller();
    await embed(server, traceparent);
    let copied = '';
    await eventually('the trace is kept', async () => {
      const headers = { authorization: `Bearer ${token}` };
      const { statusCode, body } = await request(server.admin(`/api/traces/${traceId}/otlp`), { headers });
      copied = await body.text();
      return statusCode === 200;
    });
    const taken = await request(`${jaeger.httpEndpoint}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: copied,
    });
    expect([taken.statusCode, await taken.body.json()]).toEqual([200, { partialSuccess: {} }]);
    const trace = await jaeger.traceThat(traceId, hasRequests(1));
    const [span] = requestsOf(trace);
    expect([span?.operationName, parentOf(span!)]).toEqual(['POST /v1/embeddings', spanId]);
    const run = trace.spans.find(({ operationName, spanID }) => operationName === 'run' && spanID !== span?.spanID);
    expect(linksOf(run!)).toHaveLength(1);
  });

  it('two pods that one caller asked are in one trace, each by its own instance', async () => {
    await using one = await startTraced();
    await using other = await startTraced();
    const { traceId, spanId, traceparent } = caller();
    await Promise.all([embed(one, traceparent), embed(other, traceparent)]);
    const trace = await jaeger.traceThat(traceId, hasRequests(2));
    const requests = requestsOf(trace);
    expect(requests.map(parentOf)).toEqual([spanId, spanId]);
    expect(new Set(requests.map(({ processID }) => processID)).size).toBe(2);
    for (const span of requests) await expectWhole(trace, span);
  });

  it('riders of one batch are all linked by it', async () => {
    await using server = await startTraced();
    const callers = Array.from({ length: 8 }, caller);
    const [replica] = replicasOf(server);
    kill(replica!, 'SIGSTOP');
    const asked = callers.map(({ traceparent }) => embed(server, traceparent));
    await eventually('most of them wait', async () => (await metric(server, 'clip_queue_depth')) >= callers.length / 2);
    kill(replica!, 'SIGCONT');
    await Promise.all(asked);
    const riders = new Map<string, string[]>();
    for (const { traceId } of callers) {
      const trace = await jaeger.traceThat(traceId, hasRequests(1));
      const run = named(trace, 'run')[0]!;
      const batchId = linksOf(run)[0]!.traceID;
      riders.set(batchId, [...(riders.get(batchId) ?? []), run.spanID]);
      await expectWhole(trace, requestsOf(trace)[0]!);
    }
    expect(riders.size).toBeLessThan(callers.length);
    for (const [batchId, runs] of riders) {
      const batch = await jaeger.traceThat(batchId, ({ spans }) => spans.length === 3);
      const linked = linksOf(named(batch, 'batch')[0]!).map(({ spanID }) => spanID);
      expect(linked.sort()).toEqual(runs.sort());
    }
  });

  it('a request whose replica was killed under it has two runs, the first with its error', async () => {
    await using server = await startTraced();
    const { traceId, traceparent } = caller();
    const [replica] = replicasOf(server);
    kill(replica!, 'SIGSTOP');
    const asked = [embed(server, traceparent)];
    // Once others have to wait, the replica has it.
    await eventually('the replica is busy', async () => {
      asked.push(embed(server, caller().traceparent));
      return (await metric(server, 'clip_queue_depth')) > 0;
    });
    kill(replica!, 'SIGKILL');
    await Promise.all(asked);
    const trace = await jaeger.traceThat(traceId, (one) => hasRequests(1)(one) && named(one, 'run').length === 2);
    const runs = named(trace, 'run').sort((a, b) => a.startTime - b.startTime);
    expect(runs.map((run) => tagOf(run, 'clip.attempt'))).toEqual([1, 2]);
    expect(runs.map((run) => tagOf(run, 'error.type'))).toEqual(['replica_lost', undefined]);
    expect(runs.map((run) => tagOf(run, 'error'))).toEqual([true, undefined]);
    expect(new Set(runs.map((run) => linksOf(run)[0]!.traceID)).size).toBe(2);
    expect(tagOf(requestsOf(trace)[0]!, 'clip.outcome')).toBe('ok');
  });
});

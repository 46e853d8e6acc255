import { kill } from 'node:process';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';
import { picture } from './support/fixtures.js';
import { call, postJson } from './support/http-call.js';
import { ImageHost } from './support/image-host.js';
import { eventually, metric, replicasOf } from './support/server-process.js';

// Why one request was slow, found from its id as docs/observability.md says: its trace, then its batch.

interface SpanView {
  name: string;
  startMs: number;
  endMs: number;
  attributes: Record<string, string | number>;
}

interface TraceView {
  requestId: string;
  batchIds: string[];
  spans: SpanView[];
}

const started = new AsyncDisposableStack();
let host: ImageHost;
let server: RunningServer;
let headers: { authorization: string };

beforeAll(async () => {
  const desk = started.use(await TokenDesk.open());
  const { token } = await desk.create({ scopes: ['admin:*'] });
  headers = { authorization: `Bearer ${token}` };
  host = started.use(await ImageHost.serving(picture('count-1.png')));
  server = started.use(
    await startServer({
      env: { ...desk.env, CAS_ALLOW_PRIVATE_FETCH: 'true', CAS_CACHE_BYTES_MAX: '0', OTEL_TRACES_SAMPLER: 'always_on' },
    }),
  );
});

afterAll(() => started.disposeAsync());

/** Asks for the vector of an image, by base64 or address; resolves with the id of the request. */
async function embed(image: string): Promise<string> {
  const answer = await postJson(server.http('/v1/embeddings'), { input: [{ image }] });
  expect(answer.status, answer.text).toBe(200);
  return String(answer.headers['x-request-id']);
}

async function read<View>(path: string): Promise<View> {
  let found: View | undefined;
  await eventually(`${path} is found`, async () => {
    const answer = await call(server.admin(path), { headers });
    if (answer.status !== 200) return false;
    found = answer.json<View>();
    return true;
  });
  return found!;
}

const traceOf = async (id: string): Promise<TraceView> =>
  (await read<{ traces: TraceView[] }>(`/api/traces/${id}`)).traces[0]!;

const batchOf = async (trace: TraceView): Promise<SpanView[]> =>
  (await read<{ batch: { spans: SpanView[] } }>(`/api/batches/${trace.batchIds.at(-1)}`)).batch.spans;

const named = (spans: readonly SpanView[], name: string): SpanView => spans.find((span) => span.name === name)!;

/** The part that took the longest. */
const longest = (spans: readonly SpanView[]): SpanView =>
  [...spans].sort((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs))[0]!;

/** Enough for what is held meanwhile to be the longest part by far. */
async function workAWhile(): Promise<void> {
  for (let count = 0; count < 20; count++) await postJson(server.http('/v1/embeddings'), { input: `text ${count}` });
}

const png = (): string => picture('count-2.png').toString('base64');

it('a slow host: the longest part is `fetch`, and it names the host', async () => {
  const asked = host.asked();
  const embedding = embed(host.heldUrl);
  await asked;
  await workAWhile();
  host.release();
  const { spans } = await traceOf(await embedding);
  const slowest = longest(spans.slice(1));
  expect(slowest.name).toBe('fetch');
  expect(slowest.attributes).toMatchObject({ 'server.address': '127.0.0.1', 'http.response.status_code': 200 });
});

it('a full queue: it was in `queue` until the replica had time, which was there', async () => {
  const [replica] = replicasOf(server);
  kill(replica!, 'SIGSTOP');
  const others: Promise<string>[] = [];
  await eventually('others wait', async () => {
    others.push(embed(png()));
    return (await metric(server, 'clip_queue_depth')) > 2;
  });
  const waiting = await metric(server, 'clip_queue_depth');
  const embedding = embed(png());
  await eventually('it waits too', async () => (await metric(server, 'clip_queue_depth')) > waiting);
  const goesOnAtMs = Date.now();
  kill(replica!, 'SIGCONT');
  const { spans } = await traceOf(await embedding);
  await Promise.all(others);
  const queue = named(spans, 'queue');
  expect(queue.attributes).toMatchObject({ 'clip.replicas_ready': 1 });
  expect(queue.endMs).toBeGreaterThanOrEqual(goesOnAtMs);
});

it('a cold model: it was in `queue`, and no replica was ready', async () => {
  for (const pid of replicasOf(server)) kill(pid, 'SIGKILL');
  await eventually('no replica serves', async () => (await metric(server, 'clip_replica_up')) === 0);
  const { spans } = await traceOf(await embed(png()));
  const queue = named(spans, 'queue');
  expect(queue.attributes).toMatchObject({ 'clip.replicas_ready': 0 });
  expect(longest(spans.slice(1)).name).toBe('queue');
});

it('a long decode: it was in `run`, and its batch says that `prepare` took the longest', async () => {
  const large = sharp({ create: { width: 6_000, height: 6_000, channels: 3, background: 'red' } });
  const trace = await traceOf(await embed((await large.png().toBuffer()).toString('base64')));
  const batch = await batchOf(trace);
  expect(longest(batch.slice(1)).name).toBe('prepare');
  expect(batch[0]!.attributes).toMatchObject({ 'clip.items': 1, 'clip.tower': 'visual' });
  expect(longest(trace.spans.slice(1)).name).toBe('run');
});

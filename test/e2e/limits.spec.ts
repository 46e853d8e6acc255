import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { postgresAvailable, startPostgres } from '../support/postgres.js';
import { TokenDesk } from '../support/tokens.js';
import { type DataMessage, dataMessage, exchange, textDocuments } from './support/documents.js';
import { duplex, failure, grpcClient, unary } from './support/grpc-clients.js';
import { call, type HttpAnswer } from './support/http-call.js';

/** Asks for one embedding per text over HTTP. */
function embed(server: RunningServer, token: string, texts = ['a cat']): Promise<HttpAnswer> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return call(server.http('/v1/embeddings'), { headers, body: JSON.stringify({ input: texts }) });
}

function metadataOf(token: string): Metadata {
  const metadata = new Metadata();
  metadata.set('authorization', token);
  return metadata;
}

/** A minute of the clock must not end while a test counts. */
async function earlyInTheMinute(): Promise<void> {
  const leftMs = 60_000 - (Date.now() % 60_000);
  if (leftMs < 20_000) await new Promise((resolve) => setTimeout(resolve, leftMs + 100));
}

/** How many of `count` requests got in, sent by turns to the servers. */
async function admitted(servers: RunningServer[], token: string, count: number): Promise<number> {
  const answers = await Promise.all(
    Array.from({ length: count }, (_, at) => embed(servers[at % servers.length]!, token)),
  );
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status !== 200 && status !== 429)).toEqual([]);
  return statuses.filter((status) => status === 200).length;
}

describe('requests per minute', () => {
  it('are told in every answer, and a refusal says when to come back', async () => {
    await using desk = await TokenDesk.open();
    await using server = await startServer({ env: { ...desk.env, CAS_AUTH: 'required' } });
    const { token } = await desk.create({ limits: { requestsPerMinute: 3 } });
    await earlyInTheMinute();
    const first = await embed(server, token);
    expect(first.headers['ratelimit-policy']).toBe('"requests";q=3;w=60');
    expect(first.headers['ratelimit']).toMatch(/^"requests";r=2;t=\d+$/);
    expect(first.headers['ratelimit-remaining']).toBe('2');
    expect([(await embed(server, token)).status, (await embed(server, token)).status]).toEqual([200, 200]);
    const refused = await embed(server, token);
    expect(refused.status).toBe(429);
    expect(refused.headers['ratelimit']).toMatch(/^"requests";r=0;t=\d+$/);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.json()).toMatchObject({ error: { code: 'rate_limited', type: 'rate_limit_error' } });
    const { token: other } = await desk.create();
    const free = await embed(server, other);
    expect([free.status, free.headers['ratelimit']]).toEqual([200, undefined]);
  });

  it('are told in gRPC trailers, on answers and on refusals', async () => {
    await using desk = await TokenDesk.open();
    await using server = await startServer({ env: { ...desk.env, CAS_AUTH: 'required' } });
    const { token } = await desk.create({ limits: { requestsPerMinute: 1 } });
    await earlyInTheMinute();
    const client = grpcClient('clip.v1.Clip', server.target);
    const request = { items: [{ text: 'a cat' }] };
    const trailers = await new Promise<Metadata>((resolve, reject) => {
      const stream = client['EncodeStream']!(metadataOf(token)) as ReturnType<typeof duplex>;
      stream.on('data', () => undefined);
      stream.on('error', reject);
      stream.on('status', ({ metadata }) => resolve(metadata));
      stream.end({ id: '1', ...request });
    });
    expect(trailers.get('ratelimit')).toEqual([expect.stringMatching(/^"requests";r=0;t=\d+$/)]);
    const refused: ServiceError = await failure(unary(client, 'Encode', request, { metadata: metadataOf(token) }));
    expect(refused.code).toBe(8);
    expect(refused.metadata.get('error-code')).toEqual(['rate_limited']);
    expect(Number(refused.metadata.get('retry-after-ms')[0])).toBeGreaterThan(0);
    expect(refused.metadata.get('ratelimit-policy')).toEqual(['"requests";q=1;w=60']);
    client.close();
  });

  it('hold for all tokens together where the operator says so', async () => {
    await using desk = await TokenDesk.open();
    const env = { ...desk.env, CAS_AUTH: 'required', CAS_LIMIT_REQUESTS_PER_MINUTE: '4' };
    await using server = await startServer({ env });
    const [one, other] = [await desk.create(), await desk.create()];
    await earlyInTheMinute();
    expect((await admitted([server], one.token, 3)) + (await admitted([server], other.token, 3))).toBe(4);
  });

  it('hold over several processes that share SQLite', async () => {
    await using desk = await TokenDesk.open();
    await holdOverProcesses(desk);
  });

  it.skipIf(!postgresAvailable)('hold over several processes that share PostgreSQL', async () => {
    await using postgres = await startPostgres();
    await using desk = await TokenDesk.open({ CAS_DATABASE_URL: await postgres.createDatabase() });
    await holdOverProcesses(desk);
  });
});

async function holdOverProcesses(desk: TokenDesk): Promise<void> {
  const env = { ...desk.env, CAS_AUTH: 'required' };
  await using one = await startServer({ env, app: 'server' });
  await using other = await startServer({ env, app: 'server' });
  const { token } = await desk.create({ limits: { requestsPerMinute: 20 } });
  await earlyInTheMinute();
  // Each process takes a part at a time, so all of the limit can be used by turns.
  let count = 0;
  for (let round = 0; round < 4; round++) count += await admitted([one, other], token, 10);
  expect(count).toBeLessThanOrEqual(20);
  expect(count).toBeGreaterThanOrEqual(18);
}

describe('items', () => {
  it('of a day are counted one by one, and a request that can never fit is told so', async () => {
    await using desk = await TokenDesk.open();
    await using server = await startServer({ env: { ...desk.env, CAS_AUTH: 'required' } });
    const { token } = await desk.create({ limits: { itemsPerDay: 5 } });
    const tooMany = await embed(server, token, Array<string>(6).fill('a cat'));
    expect([tooMany.status, tooMany.headers['retry-after']]).toEqual([429, undefined]);
    expect((await embed(server, token, ['a', 'b', 'c', 'd'])).headers['ratelimit']).toMatch(/^"items";r=1;/);
    expect((await embed(server, token, ['a', 'b'])).status).toBe(429);
    expect((await embed(server, token, ['a'])).status).toBe(200);
  });

  it('of a day are counted once for a stream, however often the full queue keeps it waiting', async () => {
    await using desk = await TokenDesk.open();
    const queue = { CAS_QUEUE_ITEMS_MAX: '16', CAS_REQUEST_ITEMS_MAX: '16', CAS_CACHE_BYTES_MAX: '0' };
    await using server = await startServer({ env: { ...desk.env, ...queue, CAS_AUTH: 'required' } });
    const { token } = await desk.create({ limits: { itemsPerDay: 4 * 15 * 16 } });
    const client = grpcClient('jina.JinaRPC', server.target);
    const texts = Array<string>(16).fill('a cat');
    const requests = Array.from({ length: 15 }, (_, at) => dataMessage(`r${at}`, textDocuments(`r${at}`, texts)));
    const streams = Array.from({ length: 4 }, () =>
      exchange(duplex<DataMessage, DataMessage>(client, 'Call', metadataOf(token)), requests),
    );
    expect((await Promise.all(streams)).flat()).toHaveLength(4 * 15);
    expect((await embed(server, token)).headers['ratelimit']).toMatch(/^"items";r=0;/);
    client.close();
  });

  it('in flight slow a stream down instead of ending it', async () => {
    await using desk = await TokenDesk.open();
    await using server = await startServer({ env: { ...desk.env, CAS_AUTH: 'required' } });
    const { token } = await desk.create({ limits: { itemsInFlight: 2 } });
    const client = grpcClient('jina.JinaRPC', server.target);
    const stream = duplex<DataMessage, DataMessage>(client, 'Call', metadataOf(token));
    const requests = Array.from({ length: 60 }, (_, at) => dataMessage(`r${at}`, textDocuments(`r${at}`, ['a cat'])));
    expect(await exchange(stream, requests)).toHaveLength(60);
    client.close();
  });
});

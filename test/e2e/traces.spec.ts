import { Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAccountServices, type Account } from '#auth';
import { randomId, systemClock } from '#core';
import { postgresAvailable, startPostgres, type TestPostgres } from '../support/postgres.js';
import { startServer, type RunningServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';
import { CasCommand } from './support/cas-command.js';
import { failure, grpcClient, unary } from './support/grpc-clients.js';
import { call, postJson } from './support/http-call.js';

const ON_HOST = { kind: 'host', id: 'test', name: 'a test', from: null } as const;
const WRITTEN_WITHIN_MS = 20_000;

interface Listed {
  traces: { requestId: string; traceId: string; durationMs: number }[];
  sources: { kind: string; asked: boolean; reason: string | null }[];
}

interface Shown {
  traces: { requestId: string; traceId: string; batchIds: string[]; spans: { name: string; error: string | null }[] }[];
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

async function embed(server: RunningServer, token: string, id: string, body: object = { input: 'a cat' }) {
  return (await postJson(server.http('/v1/embeddings'), body, { ...bearer(token), 'x-request-id': id })).status;
}

/** A member of the service with a token for requests, and one for the admin API. */
async function addMember(desk: TokenDesk, name: string): Promise<{ account: Account; token: string; admin: string }> {
  const services = createAccountServices({ database: desk.database, clock: systemClock });
  const { account } = await services.accounts.invite(ON_HOST, { email: `${name}@example.com`, name, role: 'member' });
  const issue = async (scopes: ('encode' | 'admin:*')[]) =>
    (await services.tokens.create(ON_HOST, { name: `${name}'s`, expiresInDays: 1, ownerId: account.id, scopes })).token;
  return { account, token: await issue(['encode']), admin: await issue(['admin:*']) };
}

async function get<Answer>(server: RunningServer, path: string, token: string): Promise<Answer> {
  const answer = await call(server.admin(`/api/${path}`), { headers: bearer(token) });
  expect(answer.status, answer.text).toBe(200);
  return answer.json<Answer>();
}

const found = async (server: RunningServer, query: string, token: string) =>
  (await get<Listed>(server, `traces?${query}`, token)).traces.map(({ requestId }) => requestId);

describe('traces of a service in one process', () => {
  let desk: TokenDesk;
  let server: RunningServer;
  let admin: string;
  let other: string;
  let member: { token: string; admin: string };

  beforeAll(async () => {
    desk = await TokenDesk.open();
    admin = (await desk.create({ name: 'admin', scopes: ['admin:*'] })).token;
    other = (await desk.create({ name: 'other' })).token;
    await createAccountServices({ database: desk.database, clock: systemClock }).accounts.invite(ON_HOST, {
      ...{ email: 'olga@example.com', name: 'Olga', role: 'owner' },
    });
    member = await addMember(desk, 'mia');
    server = await startServer({ env: { ...desk.env, CAS_AUTH: 'required' } });
    // One after the other: few requests at a time are all kept.
    expect(await embed(server, member.token, 'of-mia')).toBe(200);
    expect(await embed(server, other, 'of-other')).toBe(200);
    expect(await embed(server, other, 'failed', { input: 'a cat', model: 'nosuch' })).toBe(404);
    const client = grpcClient('clip.v1.Clip', server.target);
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${other}`);
    metadata.set('x-request-id', 'by-grpc');
    await unary(client, 'Encode', { items: [{ text: 'a dog' }] }, { metadata });
    metadata.set('x-request-id', 'by-grpc-failed');
    await failure(unary(client, 'Encode', { model: 'nosuch', items: [{ text: 'a dog' }] }, { metadata }));
    client.close();
  });

  afterAll(async () => {
    await server?.stop();
    await desk?.[Symbol.asyncDispose]();
  });

  it('are found by the id that the answer had, over HTTP and gRPC, with what the request did', async () => {
    for (const id of ['of-other', 'by-grpc']) {
      const { traces } = await get<Shown>(server, `traces/${id}`, admin);
      expect(traces).toHaveLength(1);
      const [{ traceId, batchIds, spans }] = traces as [Shown['traces'][0]];
      expect(spans.map(({ name }) => name)).toEqual(expect.arrayContaining(['queue', 'run']));
      expect(batchIds).toHaveLength(1);
      const { batch } = await get<{ batch: { riders: object[] } }>(server, `batches/${batchIds[0]}`, admin);
      expect(batch.riders).toEqual([expect.objectContaining({ requestId: id, traceId, items: 1 })]);
    }
  });

  it('are found by how they ended, how they came, how long they took and whose they were', async () => {
    expect(await found(server, 'outcome=failed', admin)).toEqual(['by-grpc-failed', 'failed']);
    expect(await found(server, 'outcome=model_unknown&protocol=grpc', admin)).toEqual(['by-grpc-failed']);
    expect(await found(server, 'outcome=ok&protocol=grpc', admin)).toEqual(['by-grpc']);
    expect(await found(server, 'operation=embeddings&model=mini-clip', admin)).toEqual(['of-other', 'of-mia']);
    const { traces } = await get<Listed>(server, 'traces', admin);
    expect(traces).toHaveLength(5);
    for (const { durationMs } of traces) {
      const limitMs = Math.floor(durationMs);
      const slower = traces.filter((trace) => trace.durationMs > limitMs).map(({ requestId }) => requestId);
      expect(await found(server, `slowerThanMs=${limitMs}`, admin)).toEqual(slower);
    }
    const [{ traceId }] = (await get<Listed>(server, 'traces?requestId=of-mia', admin)).traces as [Listed['traces'][0]];
    expect(await found(server, `traceId=${traceId}`, admin)).toEqual(['of-mia']);
  });

  it('of its own requests are all that a member sees', async () => {
    expect(await found(server, '', member.admin)).toEqual(['of-mia']);
    const headers = bearer(member.admin);
    expect((await call(server.admin('/api/traces/of-other'), { headers })).status).toBe(404);
    const [theirs] = (await get<Shown>(server, 'traces/of-other', admin)).traces;
    expect((await call(server.admin(`/api/batches/${theirs!.batchIds[0]}`), { headers })).status).toBe(404);
    expect((await call(server.admin('/api/traces'), { headers: bearer(other) })).status).toBe(403);
  });

  it('are listed by `cas traces`, and one is shown as a tree by `cas trace`', async () => {
    using cas = new CasCommand({ CAS_CLI_URL: server.admin(''), CAS_CLI_TOKEN: admin });
    const list = await cas.run(['traces', '--outcome', 'ok', '--token', 'other', '--protocol', 'http']);
    expect(list.stdout.split('\n')[0]).toMatch(
      /^BEGAN +TOOK +OUTCOME +PROTOCOL +OPERATION +MODEL +ITEMS +TOKEN +REQUEST$/,
    );
    expect(list.stdout).toMatch(/\n\S+Z +[\d.]+ ms +ok +http +embeddings +mini-clip +1 +other +of-other\n$/);
    const { stdout } = await cas.run(['trace', 'of-other']);
    expect(stdout).toMatch(
      /^request of-other, trace [0-9a-f]{32}\nembeddings over http on mini-clip: ok after [\d.]+ ms\n/,
    );
    expect(stdout).toMatch(/\n {2}queue +\+[\d.]+ ms +[\d.]+ ms/);
    expect(stdout).toMatch(/\n {2}run +.*batch [0-9a-f]{32}/);
    expect(await cas.json(['trace', 'of-mia'])).toMatchObject({ traces: [{ requestId: 'of-mia', outcome: 'ok' }] });
    expect(await cas.failure(['trace', 'nosuch'])).toMatchObject({ code: 1 });
    const none = await cas.run(['traces', '--model', 'nosuch']);
    expect([none.stdout, none.stderr]).toEqual(['', expect.stringContaining('Set CAS_TRACE_RETENTION_HOURS.')]);
  });

  it('hold nothing that was sent to be encoded, no token and no address with what leads through it', async () => {
    const image = 'http://planted-user:planted-password@127.0.0.1:1/planted-path.png?planted=query';
    const body = { input: ['planted-text', { image }], user: 'planted-user-field' };
    const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
    const headers = { ...bearer(other), traceparent, 'x-planted': 'planted-header', 'x-request-id': 'with-secrets' };
    await postJson(server.http('/v1/embeddings?planted=parameter'), body, headers);
    const answer = await call(server.admin(`/api/traces/${'ab'.repeat(16)}`), { headers: bearer(admin) });
    expect(answer.json<Shown>().traces).toMatchObject([{ requestId: 'with-secrets' }]);
    expect(answer.text).not.toContain('planted');
    expect(answer.text).not.toContain('cas_pat_');
  });

  it('are held by the serving process alone, and the answer says so', async () => {
    const { sources } = await get<Listed>(server, 'traces', admin);
    expect(sources.map(({ kind, asked }) => [kind, asked])).toEqual([
      ['memory', true],
      ['database', false],
    ]);
  });
});

describe('traces of a service that', () => {
  it.each([
    ['traces nothing', { OTEL_SDK_DISABLED: 'true' }, 'OTEL_SDK_DISABLED'],
    ['holds none in memory', { CAS_TRACE_MEMORY_COUNT_MAX: '0' }, 'CAS_TRACE_MEMORY_COUNT_MAX'],
  ])('%s are none, and the answer names the setting', async (_, env, name) => {
    await using desk = await TokenDesk.open();
    const { token } = await desk.create({ scopes: ['admin:*', 'encode'] });
    await using server = await startServer({ env: { ...desk.env, CAS_AUTH: 'required', ...env } });
    expect(await embed(server, token, 'one')).toBe(200);
    const { traces, sources } = await get<Listed>(server, 'traces', token);
    expect(traces).toEqual([]);
    expect(sources[0]).toMatchObject({ kind: 'memory', asked: false, reason: expect.stringContaining(name) });
  });
});

describe('traces in memory', () => {
  it('are the newest ones up to their number; /metrics counts those that went', async () => {
    await using desk = await TokenDesk.open();
    const { token } = await desk.create({ scopes: ['admin:*', 'encode'] });
    const env = { ...desk.env, CAS_AUTH: 'required', CAS_TRACE_MEMORY_COUNT_MAX: '10' };
    await using server = await startServer({ env });
    for (let at = 0; at < 25; at += 1) {
      const traceparent = `00-${randomId(16)}-${randomId(8)}-01`; // so that each is kept
      const headers = { ...bearer(token), traceparent, 'x-request-id': `request-${at}` };
      expect((await postJson(server.http('/v1/embeddings'), { input: 'a cat' }, headers)).status).toBe(200);
    }
    const newest = Array.from({ length: 10 }, (_, at) => `request-${24 - at}`);
    expect(await found(server, 'limit=500', token)).toEqual(newest);
    const { text } = await call(server.ops('/metrics'));
    expect(text).toContain('clip_traces_dropped_total{where="memory"} 30'); // 15 requests, and a batch of each
  });
});

describe.skipIf(!postgresAvailable)('traces of two pods and an admin process on one PostgreSQL', () => {
  let postgres: TestPostgres;
  let desk: TokenDesk;
  let admin: string;
  let pods: RunningServer[] = [];
  let console: RunningServer;

  beforeAll(async () => {
    postgres = await startPostgres();
    desk = await TokenDesk.open({ CAS_DATABASE_URL: await postgres.createDatabase() });
    admin = (await desk.create({ name: 'admin', scopes: ['admin:*', 'encode'] })).token;
    const env = { ...desk.env, CAS_AUTH: 'required', CAS_TRACE_RETENTION_HOURS: '1' };
    pods = await Promise.all([startServer({ app: 'server', env }), startServer({ app: 'server', env })]);
    console = await startServer({ app: 'admin', env });
  }, 180_000);

  afterAll(async () => {
    await Promise.all([...pods, console].map((server) => server?.stop()));
    await desk?.[Symbol.asyncDispose]();
    await postgres?.[Symbol.asyncDispose]();
  });

  it('are found wherever they were served, also when the pod is gone', { timeout: 120_000 }, async () => {
    const [first, second] = pods as [RunningServer, RunningServer];
    expect(await embed(first, admin, 'on-first')).toBe(200);
    expect(await embed(second, admin, 'on-second')).toBe(200);
    await vi.waitFor(async () => expect(await found(console, '', admin)).toEqual(['on-second', 'on-first']), {
      timeout: WRITTEN_WITHIN_MS,
    });
    const { sources } = await get<Listed>(console, 'traces', admin);
    expect(sources).toEqual([
      expect.objectContaining({ kind: 'memory', asked: false, reason: expect.stringContaining('serves no requests') }),
      { kind: 'database', pod: null, asked: true, reason: null },
    ]);
    const last = randomId(8);
    expect(await embed(first, admin, last)).toBe(200);
    await first.stop(); // writes what is left
    const { traces } = await get<Shown>(console, `traces/${last}`, admin);
    expect(traces[0]!.spans.map(({ name }) => name)).toContain('run');
    const { batch } = await get<{ batch: { riders: object[] } }>(console, `batches/${traces[0]!.batchIds[0]}`, admin);
    expect(batch.riders).toEqual([expect.objectContaining({ requestId: last })]);
  });

  it('are shown by `cas` on a host that knows the database', async () => {
    using cas = new CasCommand({ ...desk.env, CAS_TRACE_RETENTION_HOURS: '1' });
    const { stdout } = await cas.run(['traces', '--limit', '1', '--token', 'admin']);
    expect(stdout).toMatch(/ ok +http +embeddings +mini-clip +1 +admin +\S+\n$/);
    expect((await cas.run(['trace', 'on-first'])).stdout).toMatch(/\n {2}run +.*batch [0-9a-f]{32}/);
    expect(await cas.failure(['trace', 'nosuch'])).toMatchObject({ code: 1 });
  });

  it('wait for no database: requests are answered while it stands still, and their traces are written afterwards', async () => {
    const second = pods[1]!;
    postgres.freeze();
    try {
      for (let at = 0; at < 20; at += 1) expect(await embed(second, admin, `frozen-${at}`)).toBe(200);
    } finally {
      postgres.thaw();
    }
    await vi.waitFor(async () => expect(await found(console, 'requestId=frozen-0', admin)).toEqual(['frozen-0']), {
      timeout: WRITTEN_WITHIN_MS,
    });
  });
});

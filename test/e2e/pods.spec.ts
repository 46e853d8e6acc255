import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresAvailable, startPostgres, type TestPostgres } from '../support/postgres.js';
import { startServer, type RunningServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';
import { call, postJson } from './support/http-call.js';

const START_MS_MAX = 180_000;
const REPORTED_WITHIN_MS = 20_000;

interface Replica {
  name: string;
  state: string;
  runs: { items: number; reason: string; batchId: string | null }[];
  lines: { text: string }[];
}

interface Pod {
  name: string;
  roles: string[];
  answers: boolean;
  reason: string | null;
  process: { state: string } | null;
  pools: { model: string; queue: { items: number }; replicas: Replica[] }[] | null;
}

/** Sends one text after another until it is stopped, and keeps the statuses of the answers. */
function traffic(server: RunningServer, token: string) {
  const statuses: number[] = [];
  let isOver = false;
  const run = (async () => {
    for (let n = 0; !isOver && n < 20_000; n += 1) {
      const answer = await postJson(server.http('/v1/embeddings'), { input: `a cat ${n}` }, bearer(token));
      statuses.push(answer.status);
    }
  })();
  const stop = async (): Promise<number[]> => {
    isOver = true;
    await run;
    return statuses;
  };
  return { statuses, stop };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe.skipIf(!postgresAvailable)('the admin API alone, beside two servers', () => {
  let postgres: TestPostgres;
  let desk: TokenDesk;
  let servers: RunningServer[];
  let admin: RunningServer;
  let token: string;
  let headers: Record<string, string>;
  /** Requests of the inference API until now. */
  let sent = 0;

  beforeAll(async () => {
    postgres = await startPostgres();
    desk = await TokenDesk.open({ CAS_DATABASE_URL: await postgres.createDatabase() });
    token = (await desk.create()).token;
    headers = bearer((await desk.create({ name: 'admin', scopes: ['admin:*', 'encode'] })).token);
    const env = {
      ...{ ...desk.env, CAS_AUTH: 'required', CAS_REPLICAS: '2', CAS_SHUTDOWN_GRACE_MS: '5000' },
      ...{ CAS_STORED_INPUT_HOURS: '1', CAS_TRACE_RETENTION_HOURS: '1', OTEL_TRACES_SAMPLER: 'always_on' },
    };
    servers = await Promise.all([1, 2].map(() => startServer({ app: 'server', env })));
    const inferenceUrl = servers[1]?.http('').replace(/\/$/, '');
    admin = await startServer({ app: 'admin', env: { ...env, CAS_INFERENCE_URL: inferenceUrl } });
  }, START_MS_MAX);

  afterAll(async () => {
    for (const server of servers ?? []) server.kill('SIGCONT');
    await Promise.all([...(servers ?? []), admin].map((server) => server?.stop()));
    await desk?.[Symbol.asyncDispose]();
    await postgres?.dispose();
  });

  const pods = async (): Promise<Pod[]> =>
    (await call(admin.admin('/api/pods'), { headers })).json<{ pods: Pod[] }>().pods;
  const serving = async (): Promise<Pod[]> => (await pods()).filter(({ roles }) => roles.includes('inference'));
  const command = (pod: string, what: string) =>
    call(admin.admin(`/api/pods/${pod}/${what}`), { method: 'POST', headers, body: '' });
  const replicasOf = async (name: string): Promise<Replica[]> =>
    (await pods()).find((pod) => pod.name === name)?.pools?.[0]?.replicas ?? [];

  it('shows all three processes, with the replicas of those that serve', async () => {
    await expect.poll(async () => (await serving()).map(({ process }) => process?.state)).toEqual(['ready', 'ready']);
    expect((await pods()).map(({ roles }) => roles.join()).toSorted()).toEqual(['admin', 'inference', 'inference']);
    for (const { pools } of await serving()) {
      expect(pools?.[0]?.replicas.map(({ state }) => state)).toEqual(['ready', 'ready']);
    }
  });

  it('shows what each replica did last, with why each batch left the queue and what finds it', async () => {
    const answer = await postJson(servers[0]!.http('/v1/embeddings'), { input: 'a dog' }, bearer(token));
    sent += 1;
    expect(answer.status).toBe(200);
    const runs = async () =>
      (await serving()).flatMap(({ pools }) => pools?.[0]?.replicas ?? []).flatMap(({ runs }) => runs);
    await expect
      .poll(runs, { timeout: REPORTED_WITHIN_MS })
      .toContainEqual(expect.objectContaining({ items: 1, reason: 'idle_replica', batchId: expect.any(String) }));
  });

  it('runs a stored request again over the network, and counts it as use of who asked', async () => {
    const { token: willing } = await desk.create({ name: 'willing', storesInputs: true });
    const isStored = async () => {
      const named = { ...bearer(willing), 'x-request-id': 'to-run-again' };
      await postJson(servers[0]!.http('/v1/embeddings'), { input: ['a cat', 'a dog'] }, named);
      sent += 1;
      return (await call(admin.admin('/api/traces/to-run-again/input'), { headers })).status;
    };
    await expect.poll(isStored, { timeout: REPORTED_WITHIN_MS }).toBe(200);
    const replay = (models: string[]) => postJson(admin.admin('/api/traces/to-run-again/replay'), { models }, headers);
    const answer = await replay(['mini-clip', 'nosuch']);
    sent += 2;
    expect(answer.status, answer.text).toBe(200);
    const { models } = answer.json<{ models: { error: string | null; cosines: number[][]; requestId: string }[] }>();
    expect(models).toMatchObject([{ error: null }, { error: expect.stringContaining('nosuch') }]);
    expect(models[0]?.cosines[0]).toEqual([1, expect.any(Number)]);
    const usage = async () => (await call(admin.admin('/api/usage?per=token'), { headers })).text;
    await expect.poll(usage, { timeout: REPORTED_WITHIN_MS }).toContain('"admin"');
  });

  it(
    'restarts and drains replicas, and starts what was drained again, while requests flow and none fails',
    async () => {
      const flowing = servers.map((server) => traffic(server, token));
      const [{ name: pod } = { name: '' }] = await serving();
      const [first, second] = await replicasOf(pod);
      const path = (replica: Replica | undefined, what: string) =>
        `replicas/${encodeURIComponent(replica?.name ?? '')}/${what}`;
      const restarted = await command(pod, path(first, 'restart'));
      expect(restarted.status, restarted.text).toBe(200);
      const named = async () => (await replicasOf(pod)).map(({ name }) => name);
      await expect.poll(named, { timeout: REPORTED_WITHIN_MS }).toHaveLength(2);
      await expect.poll(named, { timeout: REPORTED_WITHIN_MS }).not.toContain(first?.name);

      expect((await command(pod, path(second, 'drain'))).status).toBe(200);
      await expect.poll(named, { timeout: REPORTED_WITHIN_MS }).toHaveLength(1);
      const [left] = await replicasOf(pod);
      const refused = await command(pod, path(left, 'drain'));
      expect(refused.status).toBe(503);
      expect(refused.text).toContain('no other replica of its model is ready');
      expect((await command(pod, path(second, 'drain'))).status).toBe(404);

      expect((await command(pod, 'restore')).status).toBe(200);
      const states = async () => (await replicasOf(pod)).map(({ state }) => state);
      await expect.poll(states, { timeout: REPORTED_WITHIN_MS }).toEqual(['ready', 'ready']);
      const statuses = (await Promise.all(flowing.map(({ stop }) => stop()))).flat();
      expect(new Set(statuses)).toEqual(new Set([200]));
      // Both pods write their figures by the minute; the overview has them all, each request once.
      sent += statuses.length;
      const counted = async () => {
        const { json } = await call(admin.admin('/api/overview'), { headers });
        return json<{ total: { requests: number; p95Ms: number | null } }>().total.requests;
      };
      await expect.poll(counted, { timeout: REPORTED_WITHIN_MS }).toBe(sent);
    },
    START_MS_MAX,
  );

  it(
    'says since when a pod does not answer, and goes on with the others',
    async () => {
      const [stopped] = servers;
      stopped?.kill('SIGSTOP');
      await expect
        .poll(async () => (await serving()).map(({ answers }) => answers).toSorted(), { timeout: REPORTED_WITHIN_MS })
        .toEqual([false, true]);
      const overview = (await call(admin.admin('/api/overview'), { headers })).json<{ silentPods: string[] }>();
      expect(overview.silentPods).toHaveLength(1);
      const [silent] = (await serving()).filter(({ answers }) => !answers);
      expect(silent?.reason).toMatch(/^It has not reported since 20\d\d-/);
      const refused = await command(silent?.name ?? '', 'restore');
      expect([refused.status, refused.text]).toEqual([503, expect.stringContaining('does not answer')]);
      const [heard] = (await serving()).filter(({ answers }) => answers);
      expect((await command(heard?.name ?? '', 'restore')).status).toBe(200);
      stopped?.kill('SIGCONT');
      await expect
        .poll(async () => (await serving()).map(({ answers }) => answers), { timeout: REPORTED_WITHIN_MS })
        .toEqual([true, true]);
    },
    START_MS_MAX,
  );

  it(
    'takes a pod off the list that stops in order',
    async () => {
      await servers.pop()?.stop();
      expect(await serving()).toHaveLength(1);
    },
    START_MS_MAX,
  );
});

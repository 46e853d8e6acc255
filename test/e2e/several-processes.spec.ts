import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { HaProxy, haproxyAvailable, type Upstream } from '../support/haproxy.js';
import { postgresServerAvailable, startPostgres, type TestPostgres } from '../support/postgres.js';
import { startServer, type RunningServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';
import { ENCODE_CALLS } from './support/calls-with-token.js';
import { model } from './support/fixtures.js';
import { call, postJson } from './support/http-call.js';
import { ModelAdmin } from './support/model-admin.js';
import { eventually, metric } from './support/server-process.js';
import { SteadyCallers, type Protocol } from './support/steady-callers.js';

/** CAS_TEST_STOPS=20 makes the long run of it. */
const STOPS = Number(process.env['CAS_TEST_STOPS'] ?? 2);
/** CAS_TEST_OUTAGE_MS=30000 is a fail-over of half a minute. */
const OUTAGE_MS = Number(process.env['CAS_TEST_OUTAGE_MS'] ?? 3_000);
const START_MS_MAX = 180_000;
const PODS = 3;
const PROTOCOLS: Protocol[] = ['grpc', 'http', 'websocket'];
const none = { grpc: [], http: [], websocket: [] };

describe.skipIf(!postgresServerAvailable || !haproxyAvailable)('several processes behind a proxy', () => {
  let postgres: TestPostgres;
  let desk: TokenDesk;
  let admin: RunningServer;
  let proxy: HaProxy;
  let token: string;
  let env: Record<string, string>;
  let places: Upstream[];
  const servers = new Map<string, RunningServer>();

  beforeAll(async () => {
    postgres = await startPostgres({ own: true });
    desk = await TokenDesk.open({ CAS_DATABASE_URL: await postgres.createDatabase() });
    token = (await desk.create()).token;
    env = { ...desk.env, CAS_AUTH: 'required', CAS_SHUTDOWN_GRACE_MS: '10000', CAS_TRUSTED_PROXIES: '127.0.0.1' };
    places = [];
    while (places.length < PODS) places.push({ port: await freePort(), opsPort: await freePort() });
    proxy = await HaProxy.before(places);
    await Promise.all(['pod-1', 'pod-2'].map(start));
    admin = await startServer({ app: 'admin', env });
  }, START_MS_MAX);

  afterAll(async () => {
    await Promise.all([...servers.values(), admin].map((server) => server?.stop()));
    await proxy?.[Symbol.asyncDispose]();
    await desk?.[Symbol.asyncDispose]();
    await postgres?.dispose();
  });

  /** Resolves once the proxy has found it ready. */
  async function start(pod: string): Promise<RunningServer> {
    const place = places[Number(pod.slice('pod-'.length)) - 1]!;
    const ports = { CAS_PORT: String(place.port), CAS_OPS_PORT: String(place.opsPort) };
    const server = await startServer({ app: 'server', env: { ...env, ...ports } });
    servers.set(pod, server);
    await proxy.command(`set server clip/${pod} state ready`);
    await eventually(`${pod} is up`, async () => (await proxy.stateOf(pod)).startsWith('UP'));
    return server;
  }

  async function drain(pod: string): Promise<unknown> {
    await proxy.command(`set server clip/${pod} state drain`);
    const exit = await servers.get(pod)!.stop();
    servers.delete(pod);
    return exit;
  }

  const requests = async (protocol: Protocol): Promise<number[]> =>
    Promise.all([...servers.values()].map((server) => metric(server, 'clip_requests_total', { protocol })));

  it('deals out gRPC and HTTP request by request, and WebSockets as they are opened', async () => {
    const before = await Promise.all(PROTOCOLS.map(requests));
    for (let round = 0; round < 10; round += 1) {
      for (const encode of [ENCODE_CALLS['Clip/Encode']!, ENCODE_CALLS['POST /v1/embeddings']!]) {
        expect(await encode(proxy, token)).toBe('ok');
      }
      expect(await ENCODE_CALLS['WebSocket, by header']!(proxy, token)).toBe('ok');
    }
    for (const [index, protocol] of PROTOCOLS.entries()) {
      const gained = (await requests(protocol)).map((count, pod) => count - before[index]![pod]!);
      expect(gained, protocol).toEqual([10, 10].map(() => expect.any(Number)));
      expect(Math.min(...gained), `${protocol}: ${gained.join(' and ')}`).toBeGreaterThanOrEqual(3);
    }
  });

  it('shares one connection of gRPC out over all of them', async () => {
    const before = await requests('grpc');
    await using callers = await SteadyCallers.of(proxy, token, { policy: true });
    await callers.answers(20);
    await callers.end();
    const gained = (await requests('grpc')).map((count, pod) => count - before[pod]!);
    expect(Math.min(...gained) * 3, gained.join(' and ')).toBeGreaterThan(Math.max(...gained));
    expect(callers.failures()).toEqual(none);
  });

  it('holds a limit over all of them', async () => {
    const limited = await desk.create({ limits: { requestsPerMinute: 20 } });
    const outcomes: string[] = [];
    for (let sent = 0; sent < 40; sent += 1) {
      outcomes.push(await ENCODE_CALLS['POST /v1/embeddings']!(proxy, limited.token));
    }
    const served = outcomes.filter((outcome) => outcome === 'ok').length;
    expect(served).toBeLessThanOrEqual(20 * 2); // the window may turn once
    expect(outcomes.filter((outcome) => outcome.includes('429')).length).toBe(40 - served);
    expect(served).toBeLessThan(40);
  });

  it('refuses a revoked token everywhere', async () => {
    const revoked = await desk.create();
    const outcomes = async () => {
      const all = Array.from({ length: PODS }, () =>
        Object.values(ENCODE_CALLS).map((encode) => encode(proxy, revoked.token)),
      );
      return new Set(await Promise.all(all.flat()));
    };
    expect(await outcomes()).toEqual(new Set(['ok']));
    await desk.revoke(revoked.record.id);
    await expect.poll(outcomes, { timeout: 10_000 }).toEqual(new Set(['unauthenticated']));
  });

  it(
    'serves what is asked for in the admin API on all of them, without a failed request',
    async () => {
      const models = await ModelAdmin.of(admin);
      await using callers = await SteadyCallers.of(proxy, token, { policy: false });
      await callers.answers(3);
      await models.apply([{ name: model.name, replicas: 2, devices: ['cpu'], isDefault: true }]);
      for (const server of servers.values()) {
        await eventually(
          'two replicas',
          async () => (await metric(server, 'clip_replica_up', { model: model.name })) === 2,
        );
      }
      await models.apply([{ name: model.name, replicas: 1, devices: ['cpu'], isDefault: true }]);
      for (const server of servers.values()) {
        await eventually(
          'one replica',
          async () => (await metric(server, 'clip_replica_up', { model: model.name })) === 1,
        );
      }
      await callers.answers(3);
      await callers.end();
      expect(callers.failures()).toEqual(none);
    },
    START_MS_MAX,
  );

  it(
    'adds one and drains one, and no caller notices',
    async () => {
      await using callers = await SteadyCallers.of(proxy, token, { policy: false });
      await callers.answers(5);
      const added = await start('pod-3');
      await eventually('the new one serves', async () => (await metric(added, 'clip_requests_total')) > 5);
      // A WebSocket stays where it is, and is closed with 1001 when that process ends: see the next tests.
      expect(await drain('pod-2')).toEqual({ code: 0, signal: null });
      await callers.answers(5);
      await callers.end();
      const { websocket, ...others } = callers.failures();
      expect(others).toEqual({ grpc: [], http: [] });
      expect(websocket.filter((reason) => reason !== 'closed 1001')).toEqual([]);
    },
    START_MS_MAX,
  );

  it(
    `is stopped by SIGTERM under load ${STOPS} times, and no request fails`,
    async () => {
      const counts = { grpc: 0, http: 0, websocket: 0 };
      for (let stop = 0; stop < STOPS; stop += 1) {
        const [pod = ''] = servers.keys();
        await using bare = await SteadyCallers.of(proxy, token, { policy: false });
        await using patient = await SteadyCallers.of(proxy, token, { policy: true });
        await Promise.all([bare.answers(5), patient.answers(5)]);
        expect(await drain(pod)).toEqual({ code: 0, signal: null });
        await Promise.all([bare.answers(5), patient.answers(5)]);
        await Promise.all([bare.end(), patient.end()]);
        await start(pod);
        expect(patient.failures(), `stop ${stop + 1}`).toEqual(none);
        // Without asking again, a WebSocket is told to connect anew (1001), and the rest notices nothing.
        const { websocket, ...others } = bare.failures();
        expect(others, `stop ${stop + 1}`).toEqual({ grpc: [], http: [] });
        expect(websocket.filter((reason) => reason !== 'closed 1001')).toEqual([]);
        for (const protocol of PROTOCOLS) counts[protocol] += bare.seen[protocol].ok + patient.seen[protocol].ok;
      }
      console.log(`SIGTERM ${STOPS} times: answered ${JSON.stringify(counts)}, failed 0`);
    },
    STOPS * 60_000 + START_MS_MAX,
  );

  it(
    'loses what was in flight on one that is killed, and nothing of callers who ask again',
    async () => {
      await using bare = await SteadyCallers.of(proxy, token, { policy: false });
      await using patient = await SteadyCallers.of(proxy, token, { policy: true });
      await Promise.all([bare.answers(5), patient.answers(5)]);
      const [[pod, server] = ['', undefined]] = servers;
      servers.delete(pod);
      expect(await server?.stop('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
      await Promise.all([bare.answers(20), patient.answers(20)]);
      await Promise.all([bare.end(), patient.end()]);
      expect(patient.failures()).toEqual(none);
      for (const protocol of PROTOCOLS) {
        expect(bare.failures()[protocol].length, bare.failures()[protocol].join('\n')).toBeLessThanOrEqual(
          SteadyCallers.ofEach,
        );
      }
      console.log(`kill -9: without asking again failed ${JSON.stringify(bare.failures())}`);
      await start(pod);
    },
    START_MS_MAX,
  );

  it(
    `goes on while PostgreSQL is away for ${OUTAGE_MS} ms, and follows it again when it is back`,
    async () => {
      await using callers = await SteadyCallers.of(proxy, token, { policy: false });
      await callers.answers(5);
      await postgres.stop();
      const backAtMs = Date.now() + OUTAGE_MS;
      while (Date.now() < backAtMs) await callers.answers(1);
      await postgres.start();
      await callers.answers(5);
      await callers.end();
      expect(callers.failures()).toEqual(none);
      const later = await retried(() => desk.create());
      // A token that is new is asked for in the database, which each process finds again by itself.
      await expect.poll(() => ENCODE_CALLS['Clip/Encode']!(proxy, later.token), { timeout: 20_000 }).toBe('ok');
      await desk.revoke(later.record.id);
      await expect
        .poll(() => ENCODE_CALLS['Clip/Encode']!(proxy, later.token), { timeout: 20_000 })
        .toBe('unauthenticated');
    },
    OUTAGE_MS + START_MS_MAX,
  );

  it('names the caller and not the proxy in its access lines', async () => {
    const headers = { authorization: `Bearer ${token}`, 'x-request-id': 'behind-a-proxy' };
    expect((await postJson(proxy.http('/v1/embeddings'), { input: 'a cat' }, headers)).status).toBe(200);
    const lines = [...servers.values()].flatMap((server) => server.logs());
    expect(lines).toContainEqual(
      expect.objectContaining({ msg: 'request', requestId: 'behind-a-proxy', client: '127.0.0.1' }),
    );
    expect((await call(proxy.http('/v1/models'), { headers })).status).toBe(200);
  });

  async function retried<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (attempt === 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }
});

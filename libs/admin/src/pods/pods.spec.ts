import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#core';
import { PodReporter, type PoolPart } from '#pods';
import { AdminUnderTest, ON_HOST } from '../testing/admin-under-test.js';

const RUN = { atMs: 5, tower: 'textual', items: 2, itemsMax: 8, reason: 'full', failed: 0, isLost: false } as const;
const POOL: PoolPart = {
  ...{ model: 'm', isDefault: true, isLeaving: false, batchItemsMax: 8, rssBytesMax: null },
  queue: {
    ...{ items: 9, requests: 3, bytes: 90, oldestAgeMs: 50, interactive: 9, bulk: 0, ages: [0, 9, 0, 0, 0] },
    ...{ isPartial: false, byPrincipal: [] },
  },
  replicas: [
    {
      ...{ name: 'm/0', device: 'cpu', state: 'failed', reason: '/no/such/file', sinceMs: 1, rssBytes: null },
      ...{ restarts: 3, itemsInFlight: 0, held: [], lines: [{ atMs: 4, level: 'warn', text: '/no/such/file' }] },
      runs: [{ ...RUN, queueMs: 1, prepareMs: 2, runMs: 3, batchId: 'b1' }],
    },
  ],
};

const PROCESS = { state: 'ready', reason: null, pid: 17, rssBytes: 5_000_000, eventLoopDelayMsMax: 3 } as const;

describe('the pods', () => {
  let admin: AdminUnderTest;
  let member: Record<string, string>;
  let owner: Record<string, string>;
  const nowMs = Date.now();

  beforeAll(async () => {
    admin = await AdminUnderTest.open();
    owner = await admin.browserOf(await admin.account('olga', 'owner'));
    const mia = await admin.account('mia', 'member');
    member = await admin.browserOf(mia);
    const tokenOf = async (name: string, ownerId?: string) =>
      (await admin.services.tokens.create(ON_HOST, { name, expiresInDays: 1, ...(ownerId ? { ownerId } : {}) })).record
        .id;
    const waiting = { items: 3, requests: 1, oldestAgeMs: 50 };
    const ids = [await tokenOf('mine', mia.id), await tokenOf('other'), await tokenOf('another')];
    const queue = { ...POOL.queue, byPrincipal: ids.map((principalId) => ({ principalId, ...waiting })) };
    const { database } = admin.services;
    const identity = { pid: process.pid, version: '1.2.3', roles: ['inference'] };
    const clock = systemClock;
    const heard = await PodReporter.open({ database, clock, host: 'pod-1', ...identity });
    heard.tell('process', () => PROCESS);
    heard.tell('pools', () => [{ ...POOL, queue }]);
    await heard.report();
    const past = { ...clock, wallMs: () => nowMs - 60_000 };
    await PodReporter.open({ database, clock: past, host: 'pod-2', ...identity });
  });

  afterAll(() => admin[Symbol.asyncDispose]());

  it('are listed by name, and one that does not answer says since when', async () => {
    const { json } = await admin.call('GET', '/api/pods', { headers: member });
    const { pid: _, ...process } = PROCESS;
    expect(json.pods).toMatchObject([
      { name: 'pod-1', answers: true, reason: null, roles: ['inference'], version: '1.2.3', process },
      { name: 'pod-2', answers: false, reportedAtMs: nowMs - 60_000, process: null },
    ]);
    expect(json.pods[1].reason).toContain(new Date(nowMs - 60_000).toISOString());
  });

  it('tell whose work waits to those who see all tokens, and a member what is theirs', async () => {
    const waitingFor = async (headers: Record<string, string>) => {
      const { json } = await admin.call('GET', '/api/pods/pod-1', { headers });
      const rows = json.pools[0].queue.byToken as { tokenName: string | null; items: number }[];
      return rows.map(({ tokenName, items }) => [tokenName, items]);
    };
    expect(await waitingFor(owner)).toEqual([
      ['mine', 3],
      ['other', 3],
      ['another', 3],
    ]);
    expect(await waitingFor(member)).toEqual([
      ['mine', 3],
      [null, 6],
    ]);
  });

  it('tell why a replica fails, and what it printed, to those who may change models', async () => {
    const replicaFor = async (headers: Record<string, string>) =>
      (await admin.call('GET', '/api/pods/pod-1', { headers })).json.pools[0].replicas[0];
    expect(await replicaFor(owner)).toMatchObject({
      ...{ reason: '/no/such/file', lines: [{ text: '/no/such/file' }], runs: [{ reason: 'full', batchId: 'b1' }] },
    });
    const seen = await replicaFor(member);
    expect(seen).toMatchObject({ state: 'failed', reason: null, lines: [], runs: [{ batchId: 'b1' }] });
    expect(JSON.stringify(seen)).not.toContain('/no/such/file');
  });

  it('cannot be asked for anything when they do not answer, and that is not in the audit trail', async () => {
    const { status, json } = await admin.call('POST', '/api/pods/pod-2/replicas/m%2F0/drain', { headers: owner });
    expect([status, json.error.message]).toEqual([503, expect.stringContaining('The pod pod-2 does not answer.')]);
    const audit = await admin.call('GET', '/api/audit?action=replica.drain', { headers: owner });
    expect(audit.json.events).toEqual([]);
  });

  it('are shown one by one, and one that is not there is not found', async () => {
    expect((await admin.call('GET', '/api/pods/pod-2', { headers: member })).json).toMatchObject({ answers: false });
    expect((await admin.call('GET', '/api/pods/pod-3', { headers: member })).status).toBe(404);
  });
});

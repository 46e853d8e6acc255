import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainSettings } from '#config';
import { LimitLeaseEntity, LimitWindowEntity, UsageHourEntity } from '#database';
import { PodReporter, type WaitingPart } from '#pods';
import { AdminUnderTest, ON_HOST } from '../testing/admin-under-test.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

describe('the limits in force', () => {
  let admin: AdminUnderTest;
  let owner: Record<string, string>;
  let member: Record<string, string>;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    const settings = explainSettings([], { CAS_LIMIT_ITEMS_PER_DAY: '1000' }, '/nowhere');
    admin = await AdminUnderTest.open({ settings });
    const [olga, mia] = [await admin.account('olga', 'owner'), await admin.account('mia', 'member')];
    [owner, member] = [await admin.browserOf(olga), await admin.browserOf(mia)];
    const create = async (name: string, ownerId: string, limits: object) => {
      const { record } = await admin.services.tokens.create(ON_HOST, { name, expiresInDays: 1, ownerId, limits });
      ids[name] = record.id;
    };
    await create('wide', olga.id, { itemsPerDay: 100 });
    await create('tight', mia.id, { itemsPerDay: 100, itemsInFlight: 8 });
    await create('free', olga.id, {});
    await create('refused', olga.id, {});
    const nowMs = Date.now();
    const dayMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
    const hourStartMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
    const window = { limitName: 'itemsPerDay', windowStartMs: dayMs };
    const lease = { subject: ids['tight']!, amount: 3 };
    const use = { model: 'mini-clip', protocol: 'http', outcome: 'rate_limited', requests: 0, items: 0 };
    await admin.services.database.transaction(async (manager) => {
      await manager.insert(LimitWindowEntity, [
        { subject: ids['tight']!, granted: 90, ...window },
        { subject: ids['wide']!, granted: 10, ...window },
        { subject: ids['wide']!, granted: 99, ...window, windowStartMs: dayMs - DAY_MS },
        { subject: 'total', granted: 100, ...window },
      ]);
      await manager.insert(LimitLeaseEntity, [
        { ...lease, holder: 'pod-1', expiresAtMs: nowMs + HOUR_MS },
        { ...lease, holder: 'pod-2', expiresAtMs: nowMs + HOUR_MS },
        { ...lease, holder: 'gone', expiresAtMs: nowMs - 1 },
      ]);
      await manager.insert(UsageHourEntity, [
        { ...use, principalId: ids['refused']!, hourStartMs, refused: 4 },
        { ...use, principalId: ids['refused']!, hourStartMs: hourStartMs - 5 * HOUR_MS, refused: 2 },
      ]);
    });
  });

  afterAll(() => admin[Symbol.asyncDispose]());

  it('are told with what is left over all processes, the tightest token first', async () => {
    const { json } = await admin.call('GET', '/api/limits', { headers: owner });
    const perDay = { name: 'itemsPerDay', limit: 100, resetsAtMs: expect.any(Number) };
    expect(json.tokens).toMatchObject([
      {
        tokenName: 'tight',
        limits: [
          { ...perDay, taken: 90, remaining: 10 },
          { name: 'itemsInFlight', limit: 8, taken: 6, remaining: 2, resetsAtMs: null },
        ],
      },
      { tokenName: 'wide', limits: [{ ...perDay, taken: 10, remaining: 90 }] },
      { tokenName: 'refused', limits: [], refusedHour: 4, refusedDay: 6 },
    ]);
    expect([json.more, json.unlimited]).toEqual([0, 2]);
  });

  it('name the setting of each limit of the service, also of one that is not set', async () => {
    const { json } = await admin.call('GET', '/api/limits', { headers: owner });
    expect(json.service).toMatchObject([
      { name: 'requestsPerMinute', setting: 'CAS_LIMIT_REQUESTS_PER_MINUTE', standing: null },
      {
        name: 'itemsPerDay',
        setting: 'CAS_LIMIT_ITEMS_PER_DAY',
        standing: { limit: 1000, taken: 100, remaining: 900 },
      },
      { name: 'itemsInFlight', setting: 'CAS_LIMIT_ITEMS_IN_FLIGHT', standing: null },
    ]);
  });

  it('come with who waits how long in all pods that answer, the longest first, and a member sees others as one', async () => {
    const { database, clock } = admin.services;
    const minute = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
    const wait = { items: 0, requests: 0, oldestAgeMs: 0 };
    const identity = { pid: process.pid, version: '1.2.3', roles: ['inference'] };
    const podWith = async (host: string, waiting: WaitingPart, at = clock) => {
      const pod = await PodReporter.open({ database, clock: at, host, ...identity });
      pod.tell('waiting', () => waiting);
      await pod.report();
    };
    const [tight, wide] = [{ principalId: ids['tight']! }, { principalId: ids['wide']! }];
    await podWith('pod-1', {
      minutes: [minute - MINUTE_MS, minute],
      byPrincipal: [
        { ...tight, items: 3, requests: 1, oldestAgeMs: 50, longestMs: [null, 70] },
        { ...wide, ...wait, longestMs: [900, null] },
        { principalId: 'anonymous', ...wait, longestMs: [5, null] },
      ],
    });
    await podWith('pod-2', {
      minutes: [minute],
      byPrincipal: [{ ...tight, items: 4, requests: 2, oldestAgeMs: 90, longestMs: [90] }],
    });
    const past = { ...clock, wallMs: () => Date.now() - MINUTE_MS };
    await podWith('silent', { minutes: [minute], byPrincipal: [{ ...tight, ...wait, longestMs: [7_000] }] }, past);

    const waits = async (headers: Record<string, string>) =>
      (await admin.call('GET', '/api/limits', { headers })).json.waits;
    const now = { items: 7, requests: 3, oldestAgeMs: 90, longestMs: 90, byMinuteMs: [null, 90] };
    expect(await waits(owner)).toMatchObject({
      minutes: [minute - MINUTE_MS, minute],
      silentPods: ['silent'],
      tokens: [
        { tokenName: 'wide', longestMs: 900, byMinuteMs: [900, null] },
        { tokenName: 'tight', ...now },
        { tokenId: 'anonymous', tokenName: null, longestMs: 5 },
      ],
    });
    expect((await waits(member)).tokens).toMatchObject([
      { tokenId: null, tokenName: null, items: 0, longestMs: 900, byMinuteMs: [900, null] },
      { tokenName: 'tight', ...now },
    ]);
  });

  it('of the own tokens are all that a member sees', async () => {
    const { json } = await admin.call('GET', '/api/limits', { headers: member });
    expect(json.tokens.map(({ tokenName }: { tokenName: string }) => tokenName)).toEqual(['tight']);
    expect(json.unlimited).toBe(0);
  });
});

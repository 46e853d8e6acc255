import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#core';
import { UsageHourEntity } from '#database';
import { MinuteRecorder } from '#metering';
import { PodReporter } from '#pods';
import { AdminUnderTest, ON_HOST } from '../testing/admin-under-test.js';

describe('the overview', () => {
  let admin: AdminUnderTest;
  let owner: Record<string, string>;
  let member: Record<string, string>;

  beforeAll(async () => {
    admin = await AdminUnderTest.open();
    const { database } = admin.services;
    owner = await admin.browserOf(await admin.account('olga', 'owner'));
    const mia = await admin.account('mia', 'member');
    member = await admin.browserOf(mia);
    for (let processes = 0; processes < 2; processes += 1) {
      const minutes = new MinuteRecorder({ database, clock: systemClock });
      for (const outcome of ['ok', 'queue_full']) {
        minutes.onRequest({ protocol: 'http', model: 'm', outcome, items: 3, durationMs: 20 });
      }
      await minutes.stop();
    }
    const { record } = await admin.services.tokens.create(ON_HOST, { name: 'mine', expiresInDays: 1, ownerId: mia.id });
    const hourStartMs = Math.floor(Date.now() / 3_600_000) * 3_600_000;
    const use = {
      model: 'm',
      protocol: 'http',
      outcome: 'ok',
      hourStartMs,
      requests: 1,
      items: 5,
      refused: 2,
      denied: 0,
    };
    await database.transaction((manager) => manager.insert(UsageHourEntity, { principalId: record.id, ...use }));
    const past = { ...systemClock, wallMs: () => Date.now() - 60_000 };
    const silent = { host: 'pod-9', pid: process.pid, version: '1.2.3', roles: ['inference'] };
    await PodReporter.open({ database, clock: past, ...silent });
  });

  afterAll(() => admin[Symbol.asyncDispose]());

  const overview = (headers: Record<string, string>, query = '') =>
    admin.call('GET', `/api/overview${query}`, { headers });

  it('sums up what all processes did, and says whose figures are missing and what changed lately', async () => {
    const { status, json } = await overview(owner);
    expect(status).toBe(200);
    expect(json).toMatchObject({ scope: 'service', silentPods: ['pod-9'], isPartial: false, stepMs: 60_000 });
    expect(json.total).toMatchObject({ requests: 4, items: 12, errors: 2 });
    expect(json.total.p50Ms).toBeGreaterThan(15);
    expect(json.byError).toEqual([{ code: 'queue_full', requests: 2 }]);
    expect(json.byModel).toMatchObject([{ model: 'm', requests: 4 }]);
    expect(json.changes[0]).toMatchObject({ action: 'token.create', target: 'mine' });
  });

  it('narrows to one model, and to the time that is asked for', async () => {
    expect((await overview(owner, '?model=other')).json.total.requests).toBe(0);
    expect((await overview(owner, '?from=2026-01-01T00:00:00Z&to=2026-01-01T06:00:00Z')).json.points).toEqual([]);
  });

  it('tells a member what its own tokens did, and nothing of others', async () => {
    const hours = `?from=${new Date(Date.now() - 2 * 3_600_000).toISOString()}`;
    const { json } = await overview(member, hours);
    expect(json).toMatchObject({ scope: 'own', changes: null, byError: [], byProtocol: [] });
    expect(json.total).toMatchObject({ requests: 1, items: 5, errors: 2, p95Ms: null, queueItemsMax: 0 });
  });

  it.each(['?from=2026-01-02&to=2026-01-01', '?from=2020-01-01', '?step=59', '?step=1.5', '?from=yesterday'])(
    'is not told for %s',
    async (query) => {
      expect((await overview(owner, query)).status).toBe(422);
    },
  );
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InputItem } from '#core';
import { InputWriter, StoredInputs, type TraceRecord } from '#telemetry';
import { ManualClock, systemClock } from '#core';
import { buildTrace } from '../../../../test/support/traces.js';
import { AdminUnderTest, ON_HOST } from '../testing/admin-under-test.js';

describe('what requests sent', () => {
  let admin: AdminUnderTest;
  let owner: Record<string, string>;
  let viewer: Record<string, string>;
  let member: Record<string, string>;
  let token: string;
  let silent: string;
  let stored: TraceRecord;
  const items: InputItem[] = [
    { kind: 'image', bytes: Buffer.from([9, 1]) },
    { kind: 'text', text: 'planted text' },
    { kind: 'text', text: 'x' },
  ];

  /** Stores as a process does that has kept the request. */
  async function store(trace: TraceRecord, inputs: readonly InputItem[] = items): Promise<void> {
    const { database } = admin.services;
    const writer = new InputWriter({
      store: new StoredInputs({ database, clock: systemClock }),
      clock: new ManualClock(),
    });
    writer.onInputs(trace, inputs);
    await writer.stop();
  }

  beforeAll(async () => {
    admin = await AdminUnderTest.open();
    const [olga, vera] = [await admin.account('olga', 'owner'), await admin.account('vera', 'viewer')];
    const mia = await admin.account('mia', 'member');
    [owner, viewer, member] = [await admin.browserOf(olga), await admin.browserOf(vera), await admin.browserOf(mia)];
    const make = async (name: string, storesInputs: boolean) =>
      (await admin.services.tokens.create(ON_HOST, { name, expiresInDays: 1, ownerId: mia.id, storesInputs })).record
        .id;
    [token, silent] = [await make('willing', true), await make('silent', false)];
    stored = buildTrace({ principalId: token });
    await store(stored);
  });

  afterAll(() => admin[Symbol.asyncDispose]());

  const call = (method: 'GET' | 'POST' | 'DELETE', path: string, headers: Record<string, string>, body?: object) =>
    admin.call(method, `/api/${path}`, { headers, ...(body === undefined ? {} : { body }) });

  it('is shown to owners, admins and the owner of the token, and to nobody else', async () => {
    for (const headers of [owner, member]) {
      const { status, json } = await call('GET', `traces/${stored.requestId}/input`, headers);
      expect(status).toBe(200);
      expect(json).toMatchObject({ tokenId: token, operation: 'embeddings', model: 'mini-clip' });
      expect(json.items).toEqual([
        { kind: 'image', value: 'CQE=' },
        { kind: 'text', value: 'planted text' },
        { kind: 'text', value: 'x' },
      ]);
    }
    const { status, text } = await call('GET', `traces/${stored.requestId}/input`, viewer);
    expect([status, text.includes('planted')]).toEqual([404, false]);
  });

  it('is noted in the audit trail when it is looked at, without what it was', async () => {
    await call('GET', `traces/${stored.traceId}/input`, owner);
    const { json, text } = await call('GET', 'audit?action=stored_request.read', owner);
    expect(json.events.length).toBeGreaterThan(0);
    expect(text).not.toContain('planted');
  });

  it('is never stored for a token that has not opted in', async () => {
    const other = buildTrace({ principalId: silent });
    await store(other);
    expect((await call('GET', `traces/${other.requestId}/input`, owner)).status).toBe(404);
  });

  it('is counted', async () => {
    const { json } = await call('GET', 'stored-requests', member);
    expect(json).toMatchObject({ isOn: true, hours: 24, requests: 1, sinceMs: stored.startedAtMs });
    expect((await call('GET', 'stored-requests', viewer)).json).toMatchObject({ requests: 0, sinceMs: null });
    expect((await call('GET', `stored-requests?token=${silent}`, owner)).json.requests).toBe(0);
  });

  it('runs on other models, side by side: images with texts, and why a model gave nothing', async () => {
    const { status, json } = await call('POST', `traces/${stored.requestId}/replay`, member, {
      models: ['a', 'broken'],
    });
    expect(status).toBe(200);
    expect([json.rows, json.columns]).toEqual([[0], [1, 2]]);
    expect(json.models[0]).toMatchObject({ model: 'a', dimension: 2, error: null });
    expect(json.models[0].cosines[0][0]).toBeCloseTo(109 / Math.sqrt(82 * 145), 5);
    expect(json.models[1]).toMatchObject({ durationMs: null, error: 'There is no model of this name.', cosines: [] });
    expect((await call('POST', `traces/${stored.requestId}/replay`, viewer, { models: ['a'] })).status).toBe(403);
    expect((await call('POST', `traces/${stored.requestId}/replay`, owner, { models: [] })).status).toBe(422);
  });

  it('is removed one by one, and all of a token', async () => {
    const some = [buildTrace({ principalId: token }), buildTrace({ principalId: token })];
    for (const trace of some) await store(trace);
    expect((await call('DELETE', `traces/${some[0]!.requestId}/input`, viewer)).status).toBe(403);
    expect((await call('DELETE', `traces/${some[0]!.requestId}/input`, member)).json).toEqual({ removed: 1 });
    expect((await call('GET', `traces/${some[0]!.requestId}/input`, member)).status).toBe(404);
    expect((await call('DELETE', `stored-requests?token=${token}`, viewer)).status).toBe(403);
    expect((await call('DELETE', `stored-requests?token=${token}`, member)).json).toEqual({ removed: 2 });
    expect((await call('GET', 'stored-requests', owner)).json.requests).toBe(0);
  });

  it('is gone with its token', async () => {
    await store(stored);
    expect((await call('GET', 'stored-requests', owner)).json.requests).toBe(1);
    await call('DELETE', `tokens/${token}`, member);
    expect((await call('GET', 'stored-requests', owner)).json.requests).toBe(0);
    await store(stored); // what was on its way
    expect((await call('GET', 'stored-requests', owner)).json.requests).toBe(0);
  });
});

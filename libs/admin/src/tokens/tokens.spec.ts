import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '#auth';
import { AccessTokenEntity, AccountEntity, UsageHourEntity } from '#database';
import { AdminUnderTest, ON_HOST } from '../testing/admin-under-test.js';

let admin: AdminUnderTest;
let owner: Account;
let member: Account;
let viewer: Account;

beforeEach(async () => {
  admin = await AdminUnderTest.open();
  owner = await admin.account('olga', 'owner');
  member = await admin.account('mia', 'member');
  viewer = await admin.account('vera', 'viewer');
});

afterEach(() => admin[Symbol.asyncDispose]());

type Headers = Record<string, string>;

const create = (headers: Headers, wishes: object = {}) =>
  admin.call('POST', '/api/tokens', { body: { name: 'ci', expiresInDays: 30, ...wishes }, headers });

const idOf = async (headers: Headers, wishes?: object): Promise<string> =>
  (await create(headers, wishes)).json.record.id as string;

describe('tokens', () => {
  it('are shown once, when they are made, and belong to who made them', async () => {
    const headers = await admin.browserOf(member);
    const { status, json } = await create(headers, { limits: { requestsPerMinute: 60 }, models: ['mini-clip'] });
    expect(status).toBe(201);
    expect(json.token).toMatch(/^cas_pat_/);
    expect(json.record).toMatchObject({
      name: 'ci',
      ownerId: member.id,
      limits: { requestsPerMinute: 60 },
      models: ['mini-clip'],
    });
    const again = await admin.call('GET', `/api/tokens/${json.record.id}`, { headers });
    expect(again.json).toEqual(json.record);
    expect(again.text).not.toContain(json.token);
  });

  it('may live for ever only when that is said', async () => {
    const headers = await admin.browserOf(member);
    expect((await create(headers, { expiresInDays: undefined })).status).toBe(422);
    expect((await create(headers, { expiresInDays: null })).json.record.expiresAtMs).toBeNull();
  });

  it.each([
    { expiresInDays: 0 },
    { expiresInDays: 4000 },
    { expiresInDays: '30' },
    { name: '' },
    { name: 5 },
    { scopes: [] },
    { scopes: ['everything'] },
    { scopes: null },
    { models: 'mini-clip' },
    { models: [5] },
    { limits: null },
    { limits: [] },
    { limits: { itemsPerDay: 0 } },
    { limits: { itemsPerDay: null } },
    { ownerId: 'somebody' },
  ])('are not made from %o', async (wishes) => {
    expect((await create(await admin.browserOf(owner), wishes)).status).toBe(422);
  });

  it('of others do not exist for a member', async () => {
    const ofOwner = await idOf(await admin.browserOf(owner));
    const headers = await admin.browserOf(member);
    await create(headers, { name: 'mine' });
    const { json } = await admin.call('GET', `/api/tokens?owner=${owner.id}`, { headers });
    expect(json.tokens.map(({ name }: { name: string }) => name)).toEqual(['mine']);
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { name: 'stolen' }],
      ['DELETE', '', undefined],
      ['POST', '/rotate', { graceMs: 0 }],
      ['POST', '/restore', undefined],
      ['POST', '/end-grace', undefined],
      ['GET', '/impact', undefined],
    ] as const) {
      expect((await admin.call(method, `/api/tokens/${ofOwner}${path}`, { body, headers })).status).toBe(404);
    }
  });

  it('of others are seen by a viewer, and changed by an admin', async () => {
    const ofMember = await idOf(await admin.browserOf(member));
    const seen = await admin.call('GET', `/api/tokens?owner=${member.id}`, { headers: await admin.browserOf(viewer) });
    expect(seen.json.tokens).toHaveLength(1);
    const headers = await admin.programWith(['admin:*']);
    const changed = await admin.call('PATCH', `/api/tokens/${ofMember}`, { body: { scopes: ['rank'] }, headers });
    expect(changed.json.scopes).toEqual(['rank']);
    const revoked = await admin.call('DELETE', `/api/tokens/${ofMember}`, { headers });
    expect(revoked.json.status).toBe('revoked');
  });

  it('for administration are made by owners and admins only, at once or later', async () => {
    const headers = await admin.browserOf(member);
    expect((await create(headers, { scopes: ['admin:*'] })).status).toBe(403);
    const id = await idOf(headers);
    const body = { scopes: ['encode', 'admin:*'] };
    expect((await admin.call('PATCH', `/api/tokens/${id}`, { body, headers })).status).toBe(403);
    expect((await create(await admin.browserOf(owner), { scopes: ['admin:*'] })).status).toBe(201);
  });

  it('that are limited to models make none for other models', async () => {
    const headers = await admin.programWith(['admin:*'], { models: ['small'] });
    expect((await create(headers)).status).toBe(403);
    expect((await create(headers, { models: ['small', 'large'] })).status).toBe(403);
    expect((await create(headers, { models: ['small'] })).status).toBe(201);
  });

  it('that are limited to models let in nobody who is not', async () => {
    const headers = await admin.programWith(['admin:*'], { models: ['small'] });
    const person = { email: 'eve@example.com', name: 'Eve', role: 'admin' };
    const invited = await admin.call('POST', '/api/accounts', { body: person, headers });
    expect([invited.status, invited.json.error.message]).toEqual([403, expect.stringContaining('some models')]);
    expect((await admin.call('POST', `/api/accounts/${member.id}/reset-link`, { headers })).status).toBe(403);
    expect((await admin.call('GET', '/api/accounts', { headers })).status).toBe(200);
    const { permissions } = (await admin.call('GET', '/api/session', { headers })).json;
    expect(permissions).toContain('tokens:write');
    expect(permissions).not.toContain('accounts:write');
  });

  it('get a new secret by a rotation, under the same id', async () => {
    const headers = await admin.browserOf(member);
    const made = (await create(headers)).json;
    const rotated = await admin.call('POST', `/api/tokens/${made.record.id}/rotate`, {
      body: { graceMs: 60_000 },
      headers,
    });
    expect([rotated.status, rotated.json.record.id]).toEqual([201, made.record.id]);
    expect(rotated.json.token).not.toBe(made.token);
    expect(rotated.json.record.graceUntilMs).toBeGreaterThan(0);
  });

  it('that have ended are listed only when that is asked for', async () => {
    const headers = await admin.browserOf(member);
    await admin.call('DELETE', `/api/tokens/${await idOf(headers)}`, { headers });
    expect((await admin.call('GET', '/api/tokens', { headers })).json.tokens).toEqual([]);
    expect((await admin.call('GET', '/api/tokens?ended=true', { headers })).json.tokens).toHaveLength(1);
  });

  it('come page by page, with their owner, what there is to know of them, and their last 7 days', async () => {
    const headers = await admin.browserOf(owner);
    for (const name of ['one', 'two', 'three']) await create(headers, { name });
    const of = async (query: string) => (await admin.call('GET', `/api/tokens?${query}`, { headers })).json;
    const first = await of('limit=2&order=name');
    expect([first.total, first.tokens.map(({ name }: { name: string }) => name)]).toEqual([3, ['one', 'three']]);
    const rest = await of(`limit=2&order=name&cursor=${first.cursor}`);
    expect([rest.cursor, rest.tokens.map(({ name }: { name: string }) => name)]).toEqual([null, ['two']]);
    expect(first.tokens[0]).toMatchObject({
      owner: { id: owner.id, name: 'olga', email: 'olga@example.com' },
      conditions: [{ condition: 'unused', why: expect.stringContaining('Nobody has used it') }],
    });
    expect(first.tokens[0].days).toHaveLength(7);
    expect((await of('status=unused&scope=rank&name=TW')).total).toBe(1);
    expect((await of('status=revoked')).total).toBe(0);
    expect((await of(`owner=${member.id}`)).total).toBe(0);
    for (const query of ['limit=501', 'limit=0', 'status=odd', 'order=odd', 'scope=odd', 'cursor=odd']) {
      expect((await admin.call('GET', `/api/tokens?${query}`, { headers })).status, query).toBe(422);
    }
  });

  it('that are refused often are found by it, and say so', async () => {
    const headers = await admin.browserOf(member);
    const [often, limited] = [await idOf(headers, { name: 'often' }), await idOf(headers, { name: 'limited' })];
    await idOf(headers, { name: 'fine' });
    const hour = {
      model: 'm',
      protocol: 'http',
      outcome: 'ok',
      hourStartMs: Math.floor(Date.now() / 3_600_000) * 3_600_000,
      items: 1,
    };
    await admin.services.database.transaction((manager) =>
      manager.insert(UsageHourEntity, [
        { ...hour, principalId: often, requests: 8, refused: 0, denied: 1 },
        { ...hour, principalId: limited, requests: 8, refused: 1, denied: 0 },
      ]),
    );
    for (const [status, id, todo] of [
      ['refused_often', often, 'scope'],
      ['limited_often', limited, 'limits'],
    ] as const) {
      const { json } = await admin.call('GET', `/api/tokens?status=${status}`, { headers });
      expect(json.tokens.map((token: { id: string }) => token.id)).toEqual([id]);
      expect(json.tokens[0].conditions[0]).toMatchObject({ condition: status, todo: expect.stringContaining(todo) });
    }
  });

  it('tell before a revocation what it would break, and come back by an undo', async () => {
    const headers = await admin.browserOf(member);
    const id = await idOf(headers);
    const at = (path: string) => `/api/tokens/${id}${path}`;
    const unused = (await admin.call('GET', at('/impact'), { headers })).json;
    expect(unused).toMatchObject({ lastUsed: null, last7Days: { requests: 0 }, models: [], undoMs: 600_000 });
    expect(unused.willFail).toEqual(['Nothing that is known: nobody has used it yet.']);
    await admin.services.database.transaction(async (manager) => {
      const hourStartMs = Math.floor(Date.now() / 3_600_000) * 3_600_000;
      const counts = { principalId: id, model: 'mini-clip', protocol: 'http', outcome: 'ok', refused: 0, denied: 0 };
      await manager.insert(UsageHourEntity, [
        { ...counts, hourStartMs, requests: 2, items: 3 },
        { ...counts, hourStartMs: hourStartMs - 5 * 3_600_000, requests: 3, items: 3 },
        { ...counts, hourStartMs: hourStartMs - 50 * 3_600_000, requests: 4, items: 4 },
      ]);
      const use = { lastUsedAtMs: 5, lastUsedFrom: '192.0.2.7', lastUsedProtocol: 'grpc', lastUsedModel: 'mini-clip' };
      await manager.update(AccessTokenEntity, { id }, use);
    });
    const used = (await admin.call('GET', at('/impact'), { headers })).json;
    expect(used).toMatchObject({
      lastUsed: { from: '192.0.2.7', protocol: 'grpc' },
      ...{ lastHour: { requests: 2 }, lastDay: { requests: 5, items: 6 }, last7Days: { requests: 9 } },
      models: [{ model: 'mini-clip', requests: 9 }],
    });
    expect(used.willFail.join(' ')).toContain('from 192.0.2.7 over grpc');
    const revoked = await admin.call('DELETE', at(''), { headers });
    expect(revoked.json.restorableUntilMs).toBeGreaterThan(Date.now());
    const restored = await admin.call('POST', at('/restore'), { headers });
    expect([restored.status, restored.json.status]).toEqual([200, 'active']);
    const audit = await admin.call('GET', '/api/audit?action=token.restore', {
      headers: await admin.browserOf(viewer),
    });
    expect(audit.json.events[0]).toMatchObject({ actor: { id: member.id }, target: { id } });
  });

  it('for administration are restored by owners and admins only, whoever owns them', async () => {
    const made = await admin.services.tokens.create(ON_HOST, {
      ...{ name: 'root', expiresInDays: 1, scopes: ['admin:*'], ownerId: member.id },
    });
    const headers = await admin.browserOf(member);
    const path = `/api/tokens/${made.record.id}`;
    await admin.call('DELETE', path, { headers });
    expect((await admin.call('POST', `${path}/restore`, { headers })).status).toBe(403);
    expect((await admin.call('POST', `${path}/restore`, { headers: await admin.browserOf(owner) })).status).toBe(200);
  });

  it('lose the old secret of a rotation at once when that is asked for', async () => {
    const headers = await admin.browserOf(member);
    const id = await idOf(headers);
    await admin.call('POST', `/api/tokens/${id}/rotate`, { body: { graceMs: 60_000 }, headers });
    const during = (await admin.call('GET', `/api/tokens/${id}`, { headers })).json;
    expect(during.rotation).toMatchObject({ present: { requests: 0 }, previous: { requests: 0 } });
    expect(during.conditions.map(({ condition }: { condition: string }) => condition)).toEqual(['rotating', 'unused']);
    const ended = await admin.call('POST', `/api/tokens/${id}/end-grace`, { headers });
    expect([ended.status, ended.json.graceUntilMs]).toEqual([200, null]);
  });

  it('get more time, or less', async () => {
    const headers = await admin.browserOf(member);
    const id = await idOf(headers);
    const change = (body: object) => admin.call('PATCH', `/api/tokens/${id}`, { body, headers });
    expect((await change({ expiresInDays: null })).json.expiresAtMs).toBeNull();
    expect((await change({ expiresInDays: 90 })).json.expiresAtMs).toBeGreaterThan(Date.now());
    for (const expiresInDays of [0, 4000, '30']) expect((await change({ expiresInDays })).status).toBe(422);
  });

  it('are not made by somebody who was disabled a moment ago, wherever that happened', async () => {
    const headers = await admin.browserOf(member);
    expect((await admin.call('GET', '/api/session', { headers })).status).toBe(200);
    // As another process does it: the session is still in this one's memory.
    await admin.services.database.transaction((manager) =>
      manager.update(AccountEntity, { id: member.id }, { disabledAtMs: 1 }),
    );
    expect((await create(headers)).status).toBe(403);
    expect(await admin.services.tokens.list({ ownerId: member.id })).toEqual([]);
  });

  it('are written down with who did what to them', async () => {
    await create(await admin.browserOf(member));
    const headers = await admin.browserOf(viewer);
    const { json } = await admin.call('GET', '/api/audit?action=token.create', { headers });
    expect(json.events[0]).toMatchObject({ action: 'token.create', actor: { kind: 'account', id: member.id } });
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '#auth';
import { AccountEntity } from '#database';
import { AdminUnderTest } from '../testing/admin-under-test.js';

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

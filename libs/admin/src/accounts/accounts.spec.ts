import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '#auth';
import { AdminUnderTest, ON_HOST } from '../testing/admin-under-test.js';

let admin: AdminUnderTest;
let owner: Account;
let member: Account;

beforeEach(async () => {
  admin = await AdminUnderTest.open();
  owner = await admin.account('olga', 'owner');
  member = await admin.account('mia', 'member');
});

afterEach(() => admin[Symbol.asyncDispose]());

const change = async (account: Account, body: object, by: Account = owner) =>
  admin.call('PATCH', `/api/accounts/${account.id}`, { body, headers: await admin.browserOf(by) });

describe('accounts', () => {
  it('are listed and shown without anything secret', async () => {
    const headers = await admin.browserOf(owner);
    const list = await admin.call('GET', '/api/accounts', { headers });
    expect(list.json.accounts.map(({ email }: Account) => email)).toEqual(['mia@example.com', 'olga@example.com']);
    const one = await admin.call('GET', `/api/accounts/${member.id}`, { headers });
    expect(one.json).toEqual(list.json.accounts[0]);
    expect(list.text).not.toContain('argon2');
  });

  it('are listed with their tokens, sessions, last sight and open links, page by page', async () => {
    const headers = await admin.browserOf(owner);
    await admin.services.tokens.create(ON_HOST, { name: 'one', expiresInDays: 1, ownerId: member.id });
    const person = { email: 'bob@example.com', name: 'Bob', role: 'viewer' };
    const { json: invited } = await admin.call('POST', '/api/accounts', { body: person, headers });
    const of = async (query: string) => (await admin.call('GET', `/api/accounts?${query}`, { headers })).json;
    const first = await of('limit=2');
    expect(first).toMatchObject({
      total: 3,
      accounts: [
        {
          ...{ email: 'bob@example.com', status: 'invited', tokens: 0, sessions: 0, lastSeenAtMs: null },
          link: { purpose: 'invite', expiresAtMs: invited.link.expiresAtMs, isExpired: false },
        },
        { email: 'mia@example.com', tokens: 1, link: null },
      ],
    });
    const rest = await of(`limit=2&cursor=${first.cursor}`);
    expect(rest).toMatchObject({ cursor: null, accounts: [{ email: 'olga@example.com', sessions: 1 }] });
    expect(rest.accounts[0].lastSeenAtMs).toBeGreaterThan(0);
    expect((await of('search=BOB')).total).toBe(1);
    expect((await of('search=%25')).total).toBe(0);
    expect((await of('role=owner')).total).toBe(1);
    expect((await admin.call('GET', '/api/accounts?limit=501', { headers })).status).toBe(422);
  });

  it('get another role, name or state, one at a time', async () => {
    expect((await change(member, { role: 'admin' })).json.role).toBe('admin');
    expect((await change(member, { name: 'Mia M.' })).json.name).toBe('Mia M.');
    expect((await change(member, { disabled: true })).json.status).toBe('disabled');
    expect((await change(member, { disabled: false })).json.status).toBe('active');
    for (const body of [{}, { role: 'viewer', name: 'x' }, { role: 'king' }, { disabled: 'yes' }, { email: 'a@b' }]) {
      expect((await change(member, body)).status, JSON.stringify(body)).toBe(422);
    }
  });

  it('that are owners are out of reach for admins and their tokens', async () => {
    const admins = await admin.account('anna', 'admin');
    expect((await change(owner, { disabled: true }, admins)).status).toBe(403);
    expect((await change(member, { role: 'owner' }, admins)).status).toBe(403);
    const headers = await admin.programWith(['admin:*'], { ownerId: owner.id });
    expect((await admin.call('POST', `/api/accounts/${owner.id}/reset-link`, { headers })).status).toBe(403);
  });

  it('that are disabled are out at once, with their tokens', async () => {
    const browser = await admin.browserOf(member);
    const program = await admin.programWith(['admin:*'], { ownerId: member.id });
    expect((await admin.call('GET', '/api/session', { headers: browser })).status).toBe(200);
    expect((await admin.call('GET', '/api/session', { headers: program })).status).toBe(200);
    await change(member, { disabled: true });
    expect((await admin.call('GET', '/api/session', { headers: browser })).status).toBe(401);
    expect((await admin.call('GET', '/api/session', { headers: program })).status).toBe(401);
  });

  it('are removed, but not the last owner', async () => {
    const headers = await admin.browserOf(owner);
    expect((await admin.call('DELETE', `/api/accounts/${member.id}`, { headers })).status).toBe(204);
    expect((await admin.call('GET', `/api/accounts/${member.id}`, { headers })).status).toBe(404);
    expect((await admin.call('DELETE', `/api/accounts/${owner.id}`, { headers })).status).toBe(409);
  });
});

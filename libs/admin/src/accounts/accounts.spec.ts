import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '#auth';
import { AdminUnderTest } from '../testing/admin-under-test.js';

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

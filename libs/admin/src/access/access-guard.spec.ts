import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account } from '#auth';
import { AdminUnderTest, HOST, ON_HOST } from '../testing/admin-under-test.js';

describe('AccessGuard', () => {
  let admin: AdminUnderTest;
  let owner: Account;

  beforeAll(async () => {
    admin = await AdminUnderTest.open();
    owner = await admin.account('olga', 'owner');
  });

  afterAll(() => admin[Symbol.asyncDispose]());

  const create = (headers: Record<string, string>) =>
    admin.call('POST', '/api/tokens', { body: { name: 'ci', expiresInDays: 1 }, headers });

  it('takes a change from a page of ours that is logged in', async () => {
    expect((await create(await admin.browserOf(owner))).status).toBe(201);
  });

  it('refuses a change without the CSRF token, and with that of another session', async () => {
    const [one, other] = [await admin.browserOf(owner), await admin.browserOf(owner)];
    const { 'x-csrf-token': _, ...without } = one;
    for (const headers of [without, { ...one, 'x-csrf-token': other['x-csrf-token'] ?? '' }]) {
      const { status, json } = await create(headers);
      expect([status, json.error.code]).toEqual([403, 'permission_denied']);
    }
  });

  it.each([
    { origin: 'https://evil.example' },
    { origin: `https://${HOST}:8443` },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('refuses a change that comes from another site: %o', async (foreign) => {
    expect((await create({ ...(await admin.browserOf(owner)), ...foreign })).status).toBe(403);
  });

  it('refuses a log-in that comes from another site before it looks at the password', async () => {
    const body = { email: owner.email, password: 'wrong' };
    const { status } = await admin.call('POST', '/api/session', { body, headers: { origin: 'https://evil.example' } });
    expect(status).toBe(403);
  });

  it('asks a token neither for an origin nor for a CSRF token', async () => {
    const headers = { ...(await admin.programWith(['admin:*'])), origin: 'https://tools.example' };
    expect((await create(headers)).status).toBe(201);
  });

  it('does not fall back to the cookie when the token is wrong', async () => {
    const headers = { ...(await admin.browserOf(owner)), authorization: 'Bearer cas_pat_nonsense' };
    expect((await admin.call('GET', '/api/tokens', { headers })).status).toBe(401);
  });

  it('refuses a revoked token and says how to come in', async () => {
    const { token, record } = await admin.services.tokens.create(ON_HOST, {
      name: 'old',
      expiresInDays: 1,
      scopes: ['admin:*'],
    });
    const headers = { authorization: token };
    expect((await admin.call('GET', '/api/tokens', { headers })).status).toBe(200);
    await admin.services.tokens.revoke(ON_HOST, record.id);
    const { status, headers: answered } = await admin.call('GET', '/api/tokens', { headers });
    expect([status, answered['www-authenticate']]).toEqual([401, 'Bearer']);
  });

  it('lets a token act with the role of its owner, but never as an owner', async () => {
    const member = await admin.account('mia', 'member');
    const [ofOwner, ofMember, ofHost] = await Promise.all([
      admin.programWith(['admin:*'], { ownerId: owner.id }),
      admin.programWith(['admin:*'], { ownerId: member.id }),
      admin.programWith(['admin:*']),
    ]);
    const roleOf = async (headers: Record<string, string>) =>
      (await admin.call('GET', '/api/session', { headers })).json.role as string;
    expect([await roleOf(ofOwner), await roleOf(ofMember), await roleOf(ofHost)]).toEqual(['admin', 'member', 'admin']);
  });

  it('refuses a body of a stranger before it is read', async () => {
    const { status } = await admin.call('POST', '/api/accounts', { body: 'x'.repeat(100_000) });
    expect(status).toBe(401);
  });

  it('answers 404 in its own form where there is nothing', async () => {
    const { status, json } = await admin.call('GET', '/api/nosuch');
    expect([status, json.error.code]).toEqual([404, 'not_found']);
  });
});

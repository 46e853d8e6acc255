import { AccountSessionEntity } from '#database';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccountsUnderTest, HOST } from '../testing/accounts.js';
import type { Account } from '../accounts/account.js';
import { newSecret } from '../secrets/secrets.js';
import { SESSION_IDLE_MS_MAX, SESSION_LIFETIME_MS, SessionService } from './session-service.js';

const BROWSER = { from: '192.0.2.1', userAgent: 'a browser' };
const LOGGED_OUT = { code: 'unauthenticated' };

describe('SessionService', () => {
  let parts: AccountsUnderTest;
  let sessions: SessionService;
  let ann: Account;
  beforeEach(async () => {
    parts = await AccountsUnderTest.open();
    sessions = parts.sessions;
    ann = await parts.person('ann', 'owner');
  });
  afterEach(() => parts.close());

  const rows = (): Promise<AccountSessionEntity[]> =>
    parts.database.read((manager) => manager.find(AccountSessionEntity));

  it('speaks for the account whose secret it is, and stores only a hash of that', async () => {
    const { secret, session } = await sessions.create(ann, BROWSER);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(await sessions.resolve(secret)).toEqual({ account: ann, session });
    expect(JSON.stringify(await rows())).not.toContain(secret);
  });

  it.each(['', 'x', newSecret()])('is nobody for the secret %j', async (secret) => {
    await expect(sessions.resolve(secret)).rejects.toMatchObject(LOGGED_OUT);
  });

  it('ends after 12 idle hours, and lives on while it is used', async () => {
    const { secret } = await sessions.create(ann, BROWSER);
    for (let time = 0; time < 3; time += 1) {
      parts.clock.advance(SESSION_IDLE_MS_MAX - 1);
      await sessions.resolve(secret);
    }
    parts.clock.advance(SESSION_IDLE_MS_MAX);
    await expect(sessions.resolve(secret)).rejects.toMatchObject(LOGGED_OUT);
  });

  it('ends after 7 days however much it is used', async () => {
    const { secret } = await sessions.create(ann, BROWSER);
    for (let hours = 0; hours < 7 * 24 - 6; hours += 6) {
      parts.clock.advance(6 * 3_600_000);
      await sessions.resolve(secret);
    }
    parts.clock.advance(6 * 3_600_000);
    expect(parts.clock.wallMs()).toBeGreaterThanOrEqual(SESSION_LIFETIME_MS);
    await expect(sessions.resolve(secret)).rejects.toMatchObject(LOGGED_OUT);
  });

  it('writes when it was seen at most once a minute', async () => {
    const { secret, session } = await sessions.create(ann, BROWSER);
    parts.clock.advance(59_999);
    await sessions.resolve(secret);
    expect((await rows())[0]?.lastSeenAtMs).toBe(session.createdAtMs);
    parts.clock.advance(1001);
    expect((await sessions.resolve(secret)).session.lastSeenAtMs).toBe(session.createdAtMs + 61_000);
    expect((await rows())[0]?.lastSeenAtMs).toBe(session.createdAtMs + 61_000);
  });

  it('ends at once in its own process and within a second in another', async () => {
    const other = new SessionService(parts);
    const { secret, session } = await sessions.create(ann, BROWSER);
    await Promise.all([sessions.resolve(secret), other.resolve(secret)]);
    await sessions.end(ann.id, session.id);
    await expect(sessions.resolve(secret)).rejects.toMatchObject(LOGGED_OUT);
    parts.clock.advance(1000);
    await expect(other.resolve(secret)).rejects.toMatchObject(LOGGED_OUT);
  });

  it('cannot be ended by another account', async () => {
    const bob = await parts.person('bob', 'member');
    const { secret, session } = await sessions.create(ann, BROWSER);
    await sessions.end(bob.id, session.id);
    expect((await sessions.resolve(secret)).account.id).toBe(ann.id);
  });

  it('ends all of an account, but for one where given', async () => {
    const [one, two] = [await sessions.create(ann, BROWSER), await sessions.create(ann, BROWSER)];
    await parts.database.transaction((manager) => sessions.endAllOf(manager, ann.id, one.session.id));
    await sessions.resolve(one.secret);
    await expect(sessions.resolve(two.secret)).rejects.toMatchObject(LOGGED_OUT);
  });

  it('lists the living ones of an account only, and sweeps the dead', async () => {
    const bob = await parts.person('bob', 'member');
    await sessions.create(ann, BROWSER);
    await sessions.create(bob, BROWSER);
    parts.clock.advance(SESSION_IDLE_MS_MAX);
    expect(await sessions.listOf(ann.id)).toEqual([]);
    const { session } = await sessions.create(ann, { ...BROWSER, userAgent: 'x'.repeat(9999) });
    expect((await sessions.listOf(ann.id)).map(({ id }) => id)).toEqual([session.id]);
    expect(await rows()).toHaveLength(1);
  });

  it('is not made for an account that was disabled meanwhile', async () => {
    const bob = await parts.person('bob', 'member');
    await parts.accounts.disable(HOST, bob.id);
    await expect(sessions.create(bob, BROWSER)).rejects.toMatchObject({ code: 'permission_denied' });
  });
});

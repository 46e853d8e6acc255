import { AccountEntity, nextChange } from '#database';
import { beforeEach, expect, it } from 'vitest';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { AccountsUnderTest, CHEAP, HOST, PASSWORD } from '../testing/accounts.js';
import { heldTransaction, lockWaits } from '../testing/lock-waits.js';
import type { Account } from '../accounts/account.js';
import { LogIn } from './log-in.js';
import { LoginThrottle } from './login-throttle.js';
import { Passwords } from '../password/passwords.js';

const HOME = { from: '192.0.2.1' };
const WRONG = { code: 'unauthenticated' };

onEachDatabase((databases) => {
  let parts: AccountsUnderTest;
  let ann: Account;
  beforeEach(async () => {
    parts = AccountsUnderTest.on(await databases.open());
    ann = await parts.person('ann', 'owner');
  });

  const guess = async (times: number, from: string): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      await expect(parts.logIn.login(ann.email, `guess ${time}`, { from })).rejects.toMatchObject(WRONG);
    }
  };
  const storedHash = async (): Promise<string | null> =>
    (await parts.database.read((manager) => manager.findOneByOrFail(AccountEntity, { id: ann.id }))).passwordHash;

  it('answers the account of an address, however that is written, and notes the time', async () => {
    const { account } = await parts.logIn.login(' ANN@example.com', PASSWORD, HOME);
    expect(account).toEqual({ ...ann, lastLoginAtMs: parts.clock.wallMs() });
    expect(await parts.lastAudit()).toMatchObject({ action: 'account.login', actorId: ann.id, fromAddress: HOME.from });
  });

  it('says the same of an unknown address, a wrong password, and an account without one', async () => {
    const { account } = await parts.accounts.invite(HOST, { email: 'i@example.com', name: 'i', role: 'member' });
    const errors = [];
    for (const email of [ann.email, 'nobody@example.com', account.email, 'no address', 'x'.repeat(100_000)]) {
      errors.push(await parts.logIn.login(email, 'a wrong password', HOME).catch((err: unknown) => err));
    }
    expect(new Set(errors.map((err) => (err as Error).message)).size).toBe(1);
    expect(errors).toEqual(errors.map(() => expect.objectContaining(WRONG)));
  });

  it('tells a disabled account only to who knows its password', async () => {
    await parts.person('otto', 'owner');
    await parts.accounts.disable(HOST, ann.id);
    await expect(parts.logIn.login(ann.email, 'wrong', HOME)).rejects.toMatchObject(WRONG);
    await expect(parts.logIn.login(ann.email, PASSWORD, HOME)).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it('cannot be locked out from elsewhere, and not from its own address when the browser is known', async () => {
    const { deviceCookie } = await parts.logIn.login(ann.email, PASSWORD, HOME);
    await guess(5, '198.51.100.7');
    await parts.logIn.login(ann.email, PASSWORD, HOME);
    await guess(5, HOME.from);
    await expect(parts.logIn.login(ann.email, PASSWORD, HOME)).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 1000,
    });
    await parts.logIn.login(ann.email, PASSWORD, { ...HOME, deviceCookie });
  });

  it('lets a device cookie do nothing but spare the wait', async () => {
    const { deviceCookie } = await parts.logIn.login(ann.email, PASSWORD, HOME);
    await expect(parts.logIn.login(ann.email, 'wrong', { ...HOME, deviceCookie })).rejects.toMatchObject(WRONG);
  });

  it('writes failures into the trail, a bounded number, and says how many it left out', async () => {
    for (let host = 0; host < 30; host += 1) await guess(1, `198.51.100.${host}`);
    const failures = async (): Promise<(string | null)[]> =>
      (await parts.audit()).filter(({ action }) => action === 'account.login-failed').map(({ after }) => after);
    expect(await failures()).toHaveLength(10);
    parts.clock.advance(60_000);
    await guess(1, '203.0.113.1');
    expect((await failures()).at(-1)).toBe(JSON.stringify({ leftOut: 20 }));
  });

  it('keeps what was typed out of the trail and the accounts', async () => {
    await expect(parts.logIn.login('my-typed-password', 'other-typed-password', HOME)).rejects.toMatchObject(WRONG);
    await parts.logIn.login(ann.email, PASSWORD, HOME);
    const accounts = await parts.database.read((manager) => manager.find(AccountEntity));
    const text = JSON.stringify([await parts.audit(), accounts]);
    for (const typed of ['my-typed-password', 'other-typed-password', PASSWORD]) expect(text).not.toContain(typed);
  });

  it('hashes the password anew when that may cost more by now', async () => {
    const stronger = new LogIn({
      ...parts,
      throttle: new LoginThrottle(parts),
      passwords: new Passwords({ cost: { ...CHEAP, passes: 3 } }),
    });
    const { deviceCookie } = await stronger.login(ann.email, PASSWORD, HOME);
    expect(await storedHash()).toMatch(/t=3/);
    await stronger.login(ann.email, PASSWORD, { ...HOME, deviceCookie });
  });

  if (databases.dialect === 'postgres')
    it('never waits in a circle with whoever disables the account', async () => {
      await parts.person('otto', 'owner');
      await parts.tokens.create(HOST, { name: 'ci', expiresInDays: null, ownerId: ann.id });
      const { database } = parts;
      const trail = await heldTransaction(database, (manager) => nextChange(manager, 'audit'));
      const disabling = parts.accounts.disable(HOST, ann.id);
      await lockWaits(database, 1);
      const loggingIn = parts.logIn.login(ann.email, PASSWORD, HOME);
      const ends = Promise.allSettled([disabling, loggingIn]);
      await lockWaits(database, 2);
      await trail.end();
      expect(await ends).toMatchObject([
        { status: 'fulfilled', value: { status: 'disabled' } },
        { status: 'rejected', reason: WRONG },
      ]);
    });

  it('leaves the hash alone when it is strong enough', async () => {
    const before = await storedHash();
    await parts.logIn.login(ann.email, PASSWORD, HOME);
    expect(await storedHash()).toBe(before);
  });
});

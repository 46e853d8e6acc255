import { OneTimeLinkEntity } from '#database';
import { beforeEach, describe, expect, it } from 'vitest';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { AccountsUnderTest, HOST, PASSWORD, actorOf } from '../testing/accounts.js';
import { LINK_LIFETIMES_MS } from '../links/one-time-links.js';

const ANN = { email: 'Ann@Example.com', name: 'Ann', password: PASSWORD };
const OTHER_PASSWORD = 'nine quiet harbours, one kite';
const BROWSER = { from: '192.0.2.1', userAgent: 'a browser' };
const NO_LINK = { code: 'not_found' };

onEachDatabase((databases) => {
  let parts: AccountsUnderTest;
  beforeEach(async () => {
    parts = AccountsUnderTest.on(await databases.open());
  });

  describe('first run', () => {
    it('makes the owner by a link that works once', async () => {
      const link = await parts.credentials.setupLink();
      const owner = await parts.credentials.setUp(link!.secret, ANN, '192.0.2.1');
      expect(owner).toMatchObject({ email: 'ann@example.com', name: 'Ann', role: 'owner', status: 'active' });
      await expect(parts.credentials.setUp(link!.secret, { ...ANN, email: 'b@b' }, null)).rejects.toMatchObject(
        NO_LINK,
      );
      expect(await parts.credentials.setupLink()).toBeUndefined();
    });

    it('stores the hash of the link only, and writes neither into the trail', async () => {
      const link = await parts.credentials.setupLink();
      const rows = await parts.database.read((manager) => manager.find(OneTimeLinkEntity));
      expect(JSON.stringify([rows, await parts.audit()])).not.toContain(link!.secret);
    });

    it('ends an older link when the service starts again', async () => {
      const older = await parts.credentials.setupLink();
      const newer = await parts.credentials.setupLink();
      await expect(parts.credentials.setUp(older!.secret, ANN, null)).rejects.toMatchObject(NO_LINK);
      await parts.credentials.setUp(newer!.secret, ANN, null);
    });

    it('lasts 24 hours', async () => {
      const link = await parts.credentials.setupLink();
      parts.clock.advance(24 * 3_600_000);
      await expect(parts.credentials.setUp(link!.secret, ANN, null)).rejects.toMatchObject(NO_LINK);
    });

    it('makes one owner when two people follow the link at once', async () => {
      const link = await parts.credentials.setupLink();
      const people = [ANN, { ...ANN, email: 'eve@example.com' }];
      const both = await Promise.allSettled(people.map((one) => parts.credentials.setUp(link!.secret, one, null)));
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(await parts.accounts.list()).toHaveLength(1);
    });

    it('is over once an account came by another way', async () => {
      const link = await parts.credentials.setupLink();
      await parts.accounts.invite(HOST, { email: 'o@example.com', name: 'o', role: 'owner' });
      await expect(parts.credentials.setUp(link!.secret, ANN, null)).rejects.toMatchObject({ code: 'conflict' });
    });

    it('begins with an owner and nobody else', async () => {
      const person = { email: 'o@example.com', name: 'o', role: 'admin' } as const;
      await expect(parts.accounts.invite(HOST, person)).rejects.toMatchObject({ code: 'conflict' });
    });

    it('keeps the link when what was typed is refused', async () => {
      const link = await parts.credentials.setupLink();
      for (const wrong of [{ password: 'short' }, { email: 'x' }, { name: '' }]) {
        await expect(parts.credentials.setUp(link!.secret, { ...ANN, ...wrong }, null)).rejects.toMatchObject({
          code: 'invalid_argument',
        });
      }
      await parts.credentials.setUp(link!.secret, ANN, null);
    });
  });

  describe('links to choose a password', () => {
    beforeEach(() => parts.person('olga', 'owner'));

    it('let an invited person in, once', async () => {
      const { account, link } = await parts.accounts.invite(HOST, {
        email: 'm@example.com',
        name: 'mia',
        role: 'member',
      });
      expect(account.status).toBe('invited');
      expect((await parts.credentials.accept(link.secret, PASSWORD, null)).status).toBe('active');
      await expect(parts.credentials.accept(link.secret, PASSWORD, null)).rejects.toMatchObject(NO_LINK);
      expect(await parts.lastAudit()).toMatchObject({
        action: 'account.accept',
        targetId: account.id,
        actorId: account.id,
      });
    });

    it('count once when they are followed twice at once', async () => {
      const mia = await parts.person('mia', 'member');
      const { secret } = await parts.accounts.resetLink(HOST, mia.id);
      const both = [PASSWORD, OTHER_PASSWORD].map((password) => parts.credentials.accept(secret, password, null));
      const settled = await Promise.allSettled(both);
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(settled.find(({ status }) => status === 'rejected')).toMatchObject({ reason: NO_LINK });
    });

    it.each(['invite', 'reset'] as const)('of %s expire', async (purpose) => {
      const { account, link } = await parts.accounts.invite(HOST, {
        email: 'm@example.com',
        name: 'mia',
        role: 'member',
      });
      const { secret } = purpose === 'invite' ? link : await parts.accounts.resetLink(HOST, account.id);
      parts.clock.advance(LINK_LIFETIMES_MS[purpose]);
      await expect(parts.credentials.accept(secret, PASSWORD, null)).rejects.toMatchObject(NO_LINK);
    });

    it('replace the password, end every session, and end older links', async () => {
      const mia = await parts.person('mia', 'member');
      const session = await parts.sessions.create(mia, BROWSER);
      const older = await parts.accounts.resetLink(HOST, mia.id);
      const newer = await parts.accounts.resetLink(HOST, mia.id);
      await expect(parts.credentials.accept(older.secret, OTHER_PASSWORD, null)).rejects.toMatchObject(NO_LINK);
      await parts.credentials.accept(newer.secret, OTHER_PASSWORD, null);
      await expect(parts.sessions.resolve(session.secret)).rejects.toMatchObject({ code: 'unauthenticated' });
      await parts.logIn.login(mia.email, OTHER_PASSWORD, BROWSER);
      await expect(parts.logIn.login(mia.email, PASSWORD, BROWSER)).rejects.toMatchObject({ code: 'unauthenticated' });
    });

    it('do not set the service up, nor does a set-up link choose a password', async () => {
      const mia = await parts.person('mia', 'member');
      const { secret } = await parts.accounts.resetLink(HOST, mia.id);
      await expect(parts.credentials.setUp(secret, ANN, null)).rejects.toMatchObject(NO_LINK);
    });

    it('are not made for a disabled account', async () => {
      const mia = await parts.person('mia', 'member');
      await parts.accounts.disable(HOST, mia.id);
      await expect(parts.accounts.resetLink(HOST, mia.id)).rejects.toMatchObject({ code: 'permission_denied' });
    });
  });

  describe('changing the password', () => {
    beforeEach(() => parts.person('olga', 'owner'));

    it('needs the old one, and ends every session but the one at hand', async () => {
      const mia = await parts.person('mia', 'member');
      const here = await parts.sessions.create(mia, BROWSER);
      const elsewhere = await parts.sessions.create(mia, BROWSER);
      const change = { oldPassword: PASSWORD, newPassword: OTHER_PASSWORD, keepSessionId: here.session.id };
      const wrong = { ...change, oldPassword: 'not the old one' };
      await expect(parts.credentials.changePassword(actorOf(mia), wrong)).rejects.toMatchObject({
        code: 'permission_denied',
      });
      await parts.credentials.changePassword(actorOf(mia), change);
      await parts.sessions.resolve(here.secret);
      await expect(parts.sessions.resolve(elsewhere.secret)).rejects.toMatchObject({ code: 'unauthenticated' });
      await parts.logIn.login(mia.email, OTHER_PASSWORD, BROWSER);
    });

    it('slows whoever guesses the old one', async () => {
      const mia = await parts.person('mia', 'member');
      const wrong = { oldPassword: 'not the old one', newPassword: OTHER_PASSWORD };
      for (let time = 0; time < 5; time += 1) {
        await expect(parts.credentials.changePassword(actorOf(mia), wrong)).rejects.toMatchObject({
          code: 'permission_denied',
        });
      }
      await expect(parts.credentials.changePassword(actorOf(mia), wrong)).rejects.toMatchObject({
        code: 'rate_limited',
      });
    });

    it('refuses a new one that holds the name', async () => {
      const mia = await parts.person('miriam', 'member');
      const change = { oldPassword: PASSWORD, newPassword: 'the password of Miriam' };
      await expect(parts.credentials.changePassword(actorOf(mia), change)).rejects.toMatchObject({
        code: 'invalid_argument',
      });
    });
  });
});

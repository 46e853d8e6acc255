import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AccountsUnderTest, HOST } from '../testing/accounts.js';
import { CLIENT, REDIRECT_URL, RunningOidcProvider } from '../testing/oidc-provider.js';
import type { Account } from '../accounts/account.js';
import { OidcClient } from './oidc-client.js';
import { SingleSignOn } from './single-sign-on.js';

const DENIED = { code: 'permission_denied' };

describe('SingleSignOn, with a real provider', () => {
  let provider: RunningOidcProvider;
  let parts: AccountsUnderTest;
  let signOn: SingleSignOn;
  beforeAll(async () => {
    provider = await RunningOidcProvider.start({});
  });
  afterAll(() => provider.stop());
  beforeEach(async () => {
    parts = await AccountsUnderTest.open();
    const client = new OidcClient({ issuer: provider.issuer, ...CLIENT, clock: parts.clock });
    signOn = new SingleSignOn({ ...parts, client, domains: ['example.com'], role: 'viewer' });
    provider.people.clear();
    provider.people.set('s-ann', { email: 'ann@example.com', email_verified: true, name: 'Ann of the provider' });
  });
  afterEach(() => parts.close());

  const come = async (subject: string): Promise<Account> => {
    const { url, kept } = await signOn.start(REDIRECT_URL);
    return signOn.finish(await provider.logIn(url, subject), kept, { from: '192.0.2.1' });
  };

  it('makes an account with the configured role for an allowed domain, once', async () => {
    await parts.person('olga', 'owner');
    const made = await come('s-ann');
    expect(made).toMatchObject({ email: 'ann@example.com', name: 'Ann of the provider', role: 'viewer' });
    expect(made).toMatchObject({ status: 'active', hasPassword: false, hasSingleSignOn: true });
    expect((await come('s-ann')).id).toBe(made.id);
    const actions = (await parts.audit()).filter(({ targetId }) => targetId === made.id).map(({ action }) => action);
    expect(actions).toEqual(['account.sign-on-create', 'account.login', 'account.login']);
  });

  it.each(['ann@evil-example.com', 'ann@sub.example.com', 'ann@example.com.evil.org'])(
    'makes none for %s',
    async (email) => {
      await parts.person('olga', 'owner');
      provider.people.set('s-ann', { email, email_verified: true });
      await expect(come('s-ann')).rejects.toMatchObject(DENIED);
    },
  );

  it('finds the account of a verified address and binds it, whatever address its person has later', async () => {
    const ann = await parts.person('ann', 'owner');
    expect(await come('s-ann')).toMatchObject({ id: ann.id, role: 'owner', hasSingleSignOn: true });
    provider.people.set('s-ann', { email: 'changed@example.org', email_verified: true });
    expect((await come('s-ann')).id).toBe(ann.id);
    expect((await parts.audit()).map(({ action }) => action)).toContain('account.sign-on-bind');
  });

  it('lets an invited person in, whose link then ends', async () => {
    await parts.person('olga', 'owner');
    const { account, link } = await parts.accounts.invite(HOST, {
      email: 'ann@example.com',
      name: 'a',
      role: 'member',
    });
    expect(await come('s-ann')).toMatchObject({ id: account.id, status: 'active' });
    await expect(parts.credentials.accept(link.secret, 'three calm otters nap', null)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('gives nobody the account of an address that the provider has not verified', async () => {
    await parts.person('ann', 'owner');
    for (const email_verified of [false, undefined]) {
      provider.people.set('s-eve', { email: 'ann@example.com', ...(email_verified === false && { email_verified }) });
      await expect(come('s-eve')).rejects.toMatchObject(DENIED);
    }
  });

  it.each(['\uff41nn@example.com', '\u1d43nn@example.com', 'ann@example\u3002com'])(
    'gives nobody the account of an address that %s only looks like',
    async (email) => {
      await parts.person('ann', 'owner');
      provider.people.set('s-eve', { email, email_verified: true });
      await expect(come('s-eve')).rejects.toMatchObject(DENIED);
    },
  );

  it('gives nobody an account that is bound to another person', async () => {
    await parts.person('ann', 'owner');
    await come('s-ann');
    provider.people.set('s-eve', { email: 'ann@example.com', email_verified: true });
    await expect(come('s-eve')).rejects.toMatchObject(DENIED);
  });

  it('binds the account anew once a reset link was made: to another person, or one of another provider', async () => {
    const ann = await parts.person('ann', 'owner');
    await come('s-ann');
    const other = await RunningOidcProvider.start({ 's-new': { email: 'ann@example.com', email_verified: true } });
    const elsewhere = new SingleSignOn({
      ...{ ...parts, domains: [], role: 'viewer' },
      client: new OidcClient({ issuer: other.issuer, ...CLIENT, clock: parts.clock }),
    });
    const comeElsewhere = async (): Promise<Account> => {
      const { url, kept } = await elsewhere.start(REDIRECT_URL);
      return elsewhere.finish(await other.logIn(url, 's-new'), kept, { from: '192.0.2.1' });
    };
    await expect(comeElsewhere()).rejects.toMatchObject({ ...DENIED, message: expect.stringContaining('reset link') });
    await parts.accounts.resetLink(HOST, ann.id);
    expect(JSON.parse((await parts.lastAudit()).before ?? '')).toEqual({
      singleSignOn: { issuer: provider.issuer, subject: 's-ann' },
    });
    expect((await comeElsewhere()).id).toBe(ann.id);
    await expect(come('s-ann')).rejects.toMatchObject(DENIED);
    await other.stop();
  });

  it('refuses a disabled account, bound or not', async () => {
    await parts.person('olga', 'owner');
    const ann = await parts.person('ann', 'member');
    await parts.accounts.disable(HOST, ann.id);
    await expect(come('s-ann')).rejects.toMatchObject(DENIED);
    await parts.accounts.enable(HOST, ann.id);
    await come('s-ann');
    await parts.accounts.disable(HOST, ann.id);
    await expect(come('s-ann')).rejects.toMatchObject(DENIED);
  });

  it('makes no first account: somebody must own the service', async () => {
    await expect(come('s-ann')).rejects.toMatchObject(DENIED);
    expect(await parts.credentials.setupLink()).toBeDefined();
  });
});

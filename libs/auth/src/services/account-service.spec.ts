import { beforeEach, expect, it } from 'vitest';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { AccountsUnderTest, HOST, PASSWORD, actorOf } from '../testing/accounts.js';
import type { Account } from '../accounts/account.js';

const DENIED = { code: 'permission_denied' };
const BROWSER = { from: '192.0.2.1', userAgent: 'a browser' };

onEachDatabase((databases) => {
  let parts: AccountsUnderTest;
  let [owner, admin, member, viewer]: Account[] = [];
  beforeEach(async () => {
    parts = AccountsUnderTest.on(await databases.open());
    owner = await parts.person('olga', 'owner');
    admin = await parts.person('adam', 'admin');
    member = await parts.person('mia', 'member');
    viewer = await parts.person('vera', 'viewer');
  });

  it('lists every account by address, without anything secret', async () => {
    const list = await parts.accounts.list();
    expect(list.map(({ name, role, status }) => [name, role, status])).toEqual([
      ['adam', 'admin', 'active'],
      ['mia', 'member', 'active'],
      ['olga', 'owner', 'active'],
      ['vera', 'viewer', 'active'],
    ]);
    expect(JSON.stringify(list)).not.toMatch(/argon2/);
    await expect(parts.accounts.get('nobody')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('lets members and viewers change nobody, themselves but for the name', async () => {
    for (const actor of [actorOf(member!), actorOf(viewer!)]) {
      const new_ = { email: 'x@example.com', name: 'x', role: 'viewer' } as const;
      await expect(parts.accounts.invite(actor, new_)).rejects.toMatchObject(DENIED);
      await expect(parts.accounts.setRole(actor, actor.id, 'admin')).rejects.toMatchObject(DENIED);
      await expect(parts.accounts.disable(actor, viewer!.id)).rejects.toMatchObject(DENIED);
      await expect(parts.accounts.remove(actor, member!.id)).rejects.toMatchObject(DENIED);
      await expect(parts.accounts.resetLink(actor, actor.id)).rejects.toMatchObject(DENIED);
      await expect(parts.accounts.rename(actor, owner!.id, 'x')).rejects.toMatchObject(DENIED);
      expect((await parts.accounts.rename(actor, actor.id, 'renamed')).name).toBe('renamed');
    }
  });

  it.each(['admin', 'token'])('keeps the hands of an %s off owners', async (kind) => {
    const actor = kind === 'admin' ? actorOf(admin!) : ({ kind: 'token', id: 't', name: 't', from: null } as const);
    const new_ = { email: 'x@example.com', name: 'x', role: 'owner' } as const;
    await expect(parts.accounts.invite(actor, new_)).rejects.toMatchObject(DENIED);
    await expect(parts.accounts.setRole(actor, member!.id, 'owner')).rejects.toMatchObject(DENIED);
    await expect(parts.accounts.setRole(actor, owner!.id, 'viewer')).rejects.toMatchObject(DENIED);
    await expect(parts.accounts.resetLink(actor, owner!.id)).rejects.toMatchObject(DENIED);
    await expect(parts.accounts.rename(actor, owner!.id, 'x')).rejects.toMatchObject(DENIED);
    await expect(parts.accounts.disable(actor, owner!.id)).rejects.toMatchObject(DENIED);
    await expect(parts.accounts.enable(actor, owner!.id)).rejects.toMatchObject(DENIED);
    await expect(parts.accounts.remove(actor, owner!.id)).rejects.toMatchObject(DENIED);
    expect((await parts.accounts.setRole(actor, member!.id, 'viewer')).role).toBe('viewer');
  });

  it('goes by the role an actor has now, not by the one it logged in with', async () => {
    const actor = actorOf(admin!);
    await parts.accounts.setRole(HOST, admin!.id, 'member');
    await expect(parts.accounts.disable(actor, viewer!.id)).rejects.toMatchObject(DENIED);
    await parts.accounts.remove(HOST, admin!.id);
    await expect(parts.accounts.disable(actor, viewer!.id)).rejects.toMatchObject(DENIED);
  });

  it('never loses the last owner who can log in, not even to the host', async () => {
    await parts.accounts.invite(HOST, { email: 'invited@example.com', name: 'invited', role: 'owner' });
    for (const actor of [actorOf(owner!), HOST]) {
      const conflict = { code: 'conflict' };
      await expect(parts.accounts.setRole(actor, owner!.id, 'admin')).rejects.toMatchObject(conflict);
      await expect(parts.accounts.disable(actor, owner!.id)).rejects.toMatchObject(conflict);
      await expect(parts.accounts.remove(actor, owner!.id)).rejects.toMatchObject(conflict);
    }
    await parts.accounts.setRole(actorOf(owner!), member!.id, 'owner');
    expect((await parts.accounts.setRole(actorOf(owner!), owner!.id, 'viewer')).role).toBe('viewer');
  });

  it('keeps one owner when all of them leave at once', async () => {
    const owners = [owner!];
    for (const name of ['o1', 'o2', 'o3', 'o4', 'o5']) owners.push(await parts.person(name, 'owner'));
    await Promise.all(owners.map(({ id }) => parts.accounts.get(id)));
    const left = await Promise.allSettled(owners.map((one) => parts.accounts.disable(actorOf(one), one.id)));
    expect(left.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    const active = (await parts.accounts.list()).filter(({ role, status }) => role === 'owner' && status === 'active');
    expect(active).toHaveLength(1);
  });

  it.each(['disable', 'remove', 'lower'])('%s ends sessions, links and tokens in the same transaction', async (how) => {
    const { secret } = await parts.sessions.create(admin!, BROWSER);
    const { record } = await parts.tokens.create(HOST, { name: 'ci', expiresInDays: null, ownerId: admin!.id });
    const link = await parts.accounts.resetLink(HOST, admin!.id);
    if (how === 'disable') await parts.accounts.disable(HOST, admin!.id);
    if (how === 'remove') await parts.accounts.remove(HOST, admin!.id);
    if (how === 'lower') await parts.accounts.setRole(HOST, admin!.id, 'member');
    await expect(parts.sessions.resolve(secret)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(parts.credentials.accept(link.secret, PASSWORD, null)).rejects.toMatchObject({ code: 'not_found' });
    expect(await parts.tokens.get(record.id)).toMatchObject({ status: 'revoked' });
  });

  it('keeps sessions and tokens of whoever is raised, but not to owner', async () => {
    const { secret } = await parts.sessions.create(member!, BROWSER);
    const { record } = await parts.tokens.create(HOST, { name: 'ci', expiresInDays: null, ownerId: member!.id });
    await parts.accounts.setRole(HOST, member!.id, 'admin');
    expect((await parts.sessions.resolve(secret)).account.id).toBe(member!.id);
    expect(await parts.tokens.get(record.id)).toMatchObject({ status: 'active' });
  });

  it.each(['viewer', 'admin', 'owner'] as const)('ends the links of whoever becomes %s', async (role) => {
    const link = await parts.accounts.resetLink(actorOf(admin!), member!.id);
    await parts.accounts.setRole(HOST, member!.id, role);
    await expect(parts.credentials.accept(link.secret, PASSWORD, null)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('has whoever becomes an owner log in anew', async () => {
    const { secret } = await parts.sessions.create(member!, BROWSER);
    await parts.accounts.setRole(HOST, member!.id, 'owner');
    await expect(parts.sessions.resolve(secret)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('writes who did what, before and after, and nothing for a change that fails', async () => {
    await parts.accounts.setRole(actorOf(owner!), member!.id, 'viewer');
    expect(await parts.lastAudit()).toMatchObject({
      actorKind: 'account',
      actorId: owner!.id,
      fromAddress: '192.0.2.1',
      action: 'account.role',
      targetKind: 'account',
      targetId: member!.id,
      targetName: 'mia@example.com',
      before: JSON.stringify({ email: 'mia@example.com', name: 'mia', role: 'member', status: 'active' }),
      after: JSON.stringify({ email: 'mia@example.com', name: 'mia', role: 'viewer', status: 'active' }),
    });
    const events = (await parts.audit()).length;
    await expect(parts.accounts.remove(HOST, owner!.id)).rejects.toMatchObject({ code: 'conflict' });
    expect(await parts.audit()).toHaveLength(events);
  });

  it('writes an event for each kind of change, and never a link, a password or a hash', async () => {
    const { account, link } = await parts.accounts.invite(HOST, { email: 'N@Example.com', name: 'n', role: 'viewer' });
    const reset = await parts.accounts.resetLink(HOST, account.id);
    await parts.accounts.rename(HOST, account.id, 'new name');
    await parts.accounts.disable(HOST, account.id);
    await parts.accounts.enable(HOST, account.id);
    await parts.accounts.remove(HOST, account.id);
    const events = (await parts.audit()).filter(({ targetId }) => targetId === account.id);
    expect(events.map(({ action }) => action.slice('account.'.length))).toEqual([
      'invite',
      'reset-link',
      'rename',
      'disable',
      'enable',
      'remove',
    ]);
    const text = JSON.stringify(await parts.audit());
    for (const secret of [link.secret, reset.secret, PASSWORD, 'argon2']) expect(text).not.toContain(secret);
  });

  it('takes an address once, however it is written', async () => {
    const again = { email: '  MIA@example.com ', name: 'm', role: 'member' } as const;
    await expect(parts.accounts.invite(HOST, again)).rejects.toMatchObject({ code: 'conflict' });
  });

  it.each([
    { email: 'no address', name: 'x' },
    { email: `${'x'.repeat(250)}@example.com`, name: 'x' },
    { email: 'x@example.com', name: '  ' },
    { email: 'x@example.com', name: 'bell\u0007' },
  ])('refuses to invite %j', async (person) => {
    await expect(parts.accounts.invite(HOST, { ...person, role: 'member' })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
  });
});

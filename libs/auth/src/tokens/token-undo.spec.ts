import { expect, it } from 'vitest';
import { ManualClock } from '#core';
import { AccountEntity, AuditEventEntity } from '#database';
import { onEachDatabase } from '../../../../test/support/databases.js';
import { mintToken, parseToken } from './token-format.js';
import { RESTORE_MS_MAX } from './token-changes.js';
import { TokenService } from './token-service.js';
import { TokenVerifier } from './token-verifier.js';

const actor = { kind: 'host', id: 'host', name: 'host', from: null } as const;
const REFUSED = { code: 'unauthenticated' };
const TOO_LATE = { code: 'conflict' };

onEachDatabase((databases) => {
  /** A token of an account, and a verifier as another process has one. */
  async function build() {
    const database = await databases.open();
    const clock = new ManualClock();
    clock.advance(1_000_000);
    const service = new TokenService({ database, clock });
    const verifier = new TokenVerifier({ database, clock });
    await verifier.start();
    const setAccount = (changes: Partial<AccountEntity>) =>
      database.transaction((manager) => manager.save(AccountEntity, { ...ACCOUNT, ...changes }));
    await setAccount({});
    const { token, record } = await service.create(actor, { name: 'ci', expiresInDays: 1, ownerId: ACCOUNT.id });
    /** What another process says of the token within a second. */
    const shown = async (secret = token) => {
      clock.advance(1000);
      // An unknown one makes it look again.
      await verifier.verify(mintToken().token).catch(() => undefined);
      clock.advance(1000);
      return verifier.verify(secret);
    };
    const actions = async () =>
      (await database.read((manager) => manager.find(AuditEventEntity, { order: { seq: 'ASC' } }))).map(
        ({ action }) => action,
      );
    return { database, clock, service, verifier, token, id: record.id, shown, setAccount, actions };
  }

  it('a revocation is undone: the same secret works in every process, and the trail tells both', async () => {
    const { service, verifier, id, shown, actions } = await build();
    await shown();
    const revoked = await service.revoke(actor, id);
    expect(revoked.restorableUntilMs).not.toBeNull();
    await expect(shown()).rejects.toMatchObject(REFUSED);
    const restored = await service.restore(actor, id);
    expect(restored).toMatchObject({ status: 'active', restorableUntilMs: null });
    expect((await shown()).principal.id).toBe(id);
    expect(await actions()).toEqual(['token.create', 'token.revoke', 'token.restore']);
    verifier.stop();
  });

  it('a revocation is not undone after 10 minutes, nor past the expiry', async () => {
    const { service, verifier, clock, id } = await build();
    await service.revoke(actor, id);
    clock.advance(RESTORE_MS_MAX - 1);
    expect((await service.get(id)).restorableUntilMs).not.toBeNull();
    clock.advance(1);
    expect((await service.get(id)).restorableUntilMs).toBeNull();
    await expect(service.restore(actor, id)).rejects.toMatchObject(TOO_LATE);
    const { record } = await service.create(actor, { name: 'short', expiresInDays: 1 });
    clock.advance(86_400_000 - 1000);
    await service.revoke(actor, record.id);
    clock.advance(1000);
    await expect(service.restore(actor, record.id)).rejects.toMatchObject(TOO_LATE);
    verifier.stop();
  });

  it('tokens that ended with their account or a role stay revoked, those revoked a moment before, too', async () => {
    const { database, service, verifier, id } = await build();
    const { record: other } = await service.create(actor, { name: 'other', expiresInDays: 1, ownerId: ACCOUNT.id });
    await service.revoke(actor, id);
    await database.transaction((manager) => service.revokeAllOf(manager, actor, ACCOUNT.id));
    for (const one of [id, other.id]) {
      expect((await service.get(one)).restorableUntilMs).toBeNull();
      await expect(service.restore(actor, one)).rejects.toMatchObject(TOO_LATE);
    }
    verifier.stop();
  });

  it('nothing is undone for an account that is disabled or gone', async () => {
    const { database, service, verifier, id, setAccount } = await build();
    await service.revoke(actor, id);
    await setAccount({ disabledAtMs: 1 });
    await expect(service.restore(actor, id)).rejects.toMatchObject({ code: 'permission_denied' });
    await database.transaction((manager) => manager.delete(AccountEntity, { id: ACCOUNT.id }));
    await expect(service.restore(actor, id)).rejects.toMatchObject({ code: 'permission_denied' });
    verifier.stop();
  });

  it('the old secret of a rotation does not come back with the token', async () => {
    const { service, verifier, token, id, shown } = await build();
    const rotated = await service.rotate(actor, id, { graceMs: 3_600_000 });
    await shown(token);
    await service.revoke(actor, id);
    await service.restore(actor, id);
    expect((await shown(rotated.token)).principal.id).toBe(id);
    await expect(shown(token)).rejects.toMatchObject(REFUSED);
    verifier.stop();
  });

  it('a grace is ended: the old secret is refused, the new one goes on, and it is told once', async () => {
    const { service, verifier, token, id, shown, actions } = await build();
    const rotated = await service.rotate(actor, id, { graceMs: 3_600_000 });
    await shown(token);
    expect((await service.endGrace(actor, id)).graceUntilMs).toBeNull();
    await service.endGrace(actor, id);
    await expect(shown(token)).rejects.toMatchObject(REFUSED);
    expect((await shown(rotated.token)).principal.id).toBe(id);
    expect(await actions()).toEqual(['token.create', 'token.rotate', 'token.end-grace']);
    expect(parseToken(rotated.token)?.lookup).toBe(parseToken(token)?.lookup);
    verifier.stop();
  });

  it('a token gets another expiry while it lives', async () => {
    const { service, verifier, clock, id } = await build();
    expect((await service.update(actor, id, { expiresInDays: null })).expiresAtMs).toBeNull();
    const expiresAtMs = clock.wallMs() + 86_400_000;
    expect((await service.update(actor, id, { expiresInDays: 1 })).expiresAtMs).toBe(expiresAtMs);
    expect((await service.update(actor, id, { name: 'same end' })).expiresAtMs).toBe(expiresAtMs);
    clock.advance(86_400_000);
    await expect(service.update(actor, id, { expiresInDays: 1 })).rejects.toMatchObject(TOO_LATE);
    verifier.stop();
  });
});

const ACCOUNT: AccountEntity = {
  ...{ id: 'account-1', email: 'ann@example.com', name: 'Ann', role: 'member', passwordHash: null },
  ...{ oidcIssuer: null, oidcSubject: null, disabledAtMs: null, createdAtMs: 0, lastLoginAtMs: null },
};

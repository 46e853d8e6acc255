import type { EntityManager } from 'typeorm';
import { IsNull, Not } from 'typeorm';
import type { Actor } from '#audit';
import { DomainError } from '#core';
import { AccountEntity, nextChange, type AccountRole, type Database } from '#database';
import { requirePermission } from './roles.js';

/** Revokes every access token of an account in the caller's transaction: `TokenService.revokeAllOf`. */
export type RevokeTokensOf = (manager: EntityManager, actor: Actor, accountId: string) => Promise<unknown>;

/**
 * Runs a transaction that changes accounts, be it the time of the last log-in. A row lock, taken first, makes these run
 * one after another in all processes. Otherwise two could each take away one of the last two owners, both make the
 * first account, or wait for each other's row of an account while one holds the trail.
 */
export function changeAccounts<T>(database: Database, work: (manager: EntityManager) => Promise<T>): Promise<T> {
  return database.transaction(async (manager) => {
    await nextChange(manager, 'accounts');
    return work(manager);
  });
}

/** @throws DomainError `not_found` when there is no account of this id */
export async function findAccount(manager: EntityManager, accountId: string): Promise<AccountEntity> {
  const found = await manager.findOneBy(AccountEntity, { id: accountId });
  if (found !== null) return found;
  throw new DomainError('not_found', 'There is no such account. It may have been removed; list them again.');
}

/** @throws DomainError `permission_denied` for an account that was disabled */
export function requireEnabled(account: AccountEntity): void {
  if (account.disabledAtMs === null) return;
  throw new DomainError('permission_denied', 'This account is disabled. An owner or admin can enable it again.');
}

/**
 * The role an actor acts with in this transaction. An account has its own; whoever can run commands on the host owns
 * the service; a token of `admin:*` administers but cannot touch owners.
 *
 * @throws DomainError `permission_denied` when the account was removed or disabled meanwhile
 */
async function roleOf(manager: EntityManager, actor: Actor): Promise<AccountRole> {
  if (actor.kind === 'token') return 'admin';
  if (actor.kind !== 'account') return 'owner';
  const account = await manager.findOneBy(AccountEntity, { id: actor.id });
  if (account === null) throw new DomainError('permission_denied', 'Your account was removed.');
  requireEnabled(account);
  return account.role;
}

/**
 * Checks that an actor may change accounts that have, or shall have, one of these roles.
 *
 * @throws DomainError `permission_denied`
 */
export async function requireMayChange(
  manager: EntityManager,
  actor: Actor,
  roles: readonly AccountRole[],
): Promise<void> {
  const role = await roleOf(manager, actor);
  requirePermission({ role }, 'accounts:write');
  if (roles.includes('owner')) requirePermission({ role }, 'owners:write');
}

/**
 * Checks that somebody else who can log in owns the service. An invited owner who never came does not count.
 *
 * @throws DomainError `conflict` when `account` is the last one
 */
export async function requireOtherOwner(manager: EntityManager, account: AccountEntity): Promise<void> {
  if (account.role !== 'owner') return;
  const able = { role: 'owner', disabledAtMs: IsNull(), id: Not(account.id) } as const;
  const others = await manager.countBy(AccountEntity, [
    { ...able, passwordHash: Not(IsNull()) },
    { ...able, oidcSubject: Not(IsNull()) },
  ]);
  if (others > 0) return;
  throw new DomainError('conflict', 'This is the last owner who can log in. Make somebody else an owner first.');
}

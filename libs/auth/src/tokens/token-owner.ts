import { IsNull, MoreThan, type EntityManager } from 'typeorm';
import { DomainError } from '#core';
import { AccessTokenEntity, AccountEntity } from '#database';
import { isPermitted } from '../accounts/roles.js';
import { ENDED_KEPT_MS } from './token-cache-sync.js';

/**
 * Bounds the memory of every process, and the events of revocation when the account is disabled. Accounts that manage
 * everybody's tokens may have any number, and so may the host.
 */
const TOKENS_OF_ACCOUNT_MAX = 200;

/**
 * Checks that an account may get one more token; null stands for the host. The caller holds the lock of the counter
 * `tokens`: somebody who disables the account waits for it and then revokes the token, too, and two tokens are not both
 * the last one.
 *
 * @throws DomainError `permission_denied` for an account that is disabled or gone, `conflict` for one that has too many
 */
export async function requireMayOwnMore(manager: EntityManager, ownerId: string | null, nowMs: number): Promise<void> {
  const owner = await requireOwnerEnabled(manager, ownerId);
  if (owner === undefined || ownerId === null) return;
  if (isPermitted(owner, 'tokens:write') || (await countKept(manager, ownerId, nowMs)) < TOKENS_OF_ACCOUNT_MAX) return;
  throw new DomainError(
    'conflict',
    `This account has ${TOKENS_OF_ACCOUNT_MAX} tokens, which is the most; those that ended in the last 7 days count. ` +
      'Use one of them again, by rotating it where its secret is lost; or revoke some, and make new ones in 7 days.',
  );
}

/**
 * The account that owns a token, or shall; undefined for the host.
 *
 * @throws DomainError `permission_denied` for one that is disabled or gone
 */
export async function requireOwnerEnabled(
  manager: EntityManager,
  ownerId: string | null,
): Promise<AccountEntity | undefined> {
  if (ownerId === null) return undefined;
  const owner = await manager.findOneBy(AccountEntity, { id: ownerId });
  if (owner?.disabledAtMs === null) return owner;
  throw new DomainError('permission_denied', 'The account that the token is for is disabled or does not exist.');
}

/** Counts the tokens that the caches keep. */
function countKept(manager: EntityManager, ownerId: string, nowMs: number): Promise<number> {
  const keptFromMs = MoreThan(nowMs - ENDED_KEPT_MS);
  const where = [IsNull(), keptFromMs].flatMap((revokedAtMs) =>
    [IsNull(), keptFromMs].map((expiresAtMs) => ({ ownerId, revokedAtMs, expiresAtMs })),
  );
  return manager.countBy(AccessTokenEntity, where);
}

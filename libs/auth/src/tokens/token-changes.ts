import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { DomainError } from '#core';
import { AccessTokenEntity } from '#database';
import type { MintedToken } from './token-format.js';

/** How long a revocation can be undone: enough to see that the wrong token was ended. */
export const RESTORE_MS_MAX = 10 * 60_000;

export async function findToken(manager: EntityManager, id: string): Promise<AccessTokenEntity> {
  const found = await manager.findOneBy(AccessTokenEntity, { id });
  if (found !== null) return found;
  throw new DomainError('not_found', 'There is no token with this id. List the tokens to see their ids.');
}

export function requireNotRevoked(entity: AccessTokenEntity): void {
  if (entity.revokedAtMs === null) return;
  throw new DomainError('conflict', 'This token was revoked. Create a new one instead.');
}

/** @throws DomainError `conflict` */
export function requireRestorable({ restorableUntilMs, expiresAtMs }: AccessTokenEntity, nowMs: number): void {
  requireNotExpired(expiresAtMs, nowMs);
  if (restorableUntilMs !== null && restorableUntilMs > nowMs) return;
  throw new DomainError(
    'conflict',
    'This revocation can no longer be undone: that works for 10 minutes, and never for a token that ended with its ' +
      'account or with a role. Create a new one instead.',
  );
}

/** @throws DomainError `conflict` */
export function requireNotExpired(expiresAtMs: number | null, nowMs: number): void {
  if (expiresAtMs === null || expiresAtMs > nowMs) return;
  throw new DomainError('conflict', 'This token has expired. Create a new one instead.');
}

/** Ends the secret before a rotation. It is forgotten, so that no process whose clock is behind lets it in. */
export const WITHOUT_PREVIOUS = { previousSecretSha256: null, previousValidUntilMs: null };

/** The counts of both secrets, from a rotation on. */
export function countedAnew(entity: AccessTokenEntity, nowMs: number) {
  return {
    ...{ rotatedAtMs: nowMs, presentRequests: 0, presentUsedAtMs: null, previousRequests: 0 },
    ...{ previousUsedAtMs: entity.lastUsedAtMs, previousUsedFrom: entity.lastUsedFrom },
  };
}

export function countsOf(entity: AccessTokenEntity) {
  const { rotatedAtMs, presentRequests, presentUsedAtMs, previousRequests, previousUsedAtMs, previousUsedFrom } =
    entity;
  return { rotatedAtMs, presentRequests, presentUsedAtMs, previousRequests, previousUsedAtMs, previousUsedFrom };
}

export function unusedToken({ lookup, secretSha256 }: MintedToken) {
  return {
    ...{ id: randomUUID(), lookup, secretSha256, previousSecretSha256: null, previousValidUntilMs: null },
    ...{ revokedAtMs: null, changeSeq: 0 },
    ...{ lastUsedAtMs: null, lastUsedFrom: null, lastUsedProtocol: null, lastUsedModel: null },
    ...{ restorableUntilMs: null, rotatedAtMs: null, presentRequests: 0, presentUsedAtMs: null },
    ...{ previousRequests: 0, previousUsedAtMs: null, previousUsedFrom: null },
  };
}

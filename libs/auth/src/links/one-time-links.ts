import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { IsNull } from 'typeorm';
import { DomainError } from '#core';
import { OneTimeLinkEntity, type OneTimeLinkPurpose } from '#database';
import { isSecret, newSecret, sha256 } from '../secrets/secrets.js';

/** What goes into a link. Its secret is shown this once. */
export interface OneTimeLink {
  readonly secret: string;
  readonly purpose: OneTimeLinkPurpose;
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
}

const HOUR_MS = 3_600_000;

/** How long a link waits to be used: an invitation may lie in a mailbox over a holiday. */
export const LINK_LIFETIMES_MS: Readonly<Record<OneTimeLinkPurpose, number>> = {
  setup: 24 * HOUR_MS,
  invite: 7 * 24 * HOUR_MS,
  reset: 24 * HOUR_MS,
};

/** Makes a link in the caller's transaction, and ends older unused ones of the same account, or of set-up. */
export async function issueLink(
  manager: EntityManager,
  { purpose, accountId, nowMs }: { purpose: OneTimeLinkPurpose; accountId: string | null; nowMs: number },
): Promise<OneTimeLink> {
  await dropLinks(manager, accountId);
  const secret = newSecret();
  const expiresAtMs = nowMs + LINK_LIFETIMES_MS[purpose];
  await manager.insert(OneTimeLinkEntity, {
    id: randomUUID(),
    purpose,
    secretSha256: sha256(secret),
    accountId,
    createdAtMs: nowMs,
    expiresAtMs,
    usedAtMs: null,
  });
  return { secret, purpose, expiresAtMs };
}

/** Ends the unused links of an account; those of set-up for null. */
export async function dropLinks(manager: EntityManager, accountId: string | null): Promise<void> {
  await manager.delete(OneTimeLinkEntity, { accountId: accountId ?? IsNull(), usedAtMs: IsNull() });
}

/**
 * Finds the link of a secret: one of `purposes`, unused and in time.
 *
 * @throws DomainError `not_found`, the same for every reason
 */
export async function findLink(
  manager: EntityManager,
  { secret, purposes, nowMs }: { secret: string; purposes: readonly OneTimeLinkPurpose[]; nowMs: number },
): Promise<OneTimeLinkEntity> {
  const found = isSecret(secret)
    ? await manager.findOneBy(OneTimeLinkEntity, { secretSha256: sha256(secret), usedAtMs: IsNull() })
    : null;
  if (found === null || found.expiresAtMs <= nowMs || !purposes.includes(found.purpose)) throw linkRefused();
  return found;
}

/**
 * Uses a link up. Of two callers at once only one goes on.
 *
 * @throws DomainError `not_found` when somebody else has used or replaced it since it was found
 */
export async function useLink(manager: EntityManager, linkId: string, nowMs: number): Promise<void> {
  const { affected } = await manager.update(OneTimeLinkEntity, { id: linkId, usedAtMs: IsNull() }, { usedAtMs: nowMs });
  if (affected !== 1) throw linkRefused();
}

function linkRefused(): DomainError {
  return new DomainError(
    'not_found',
    'This link does not work: it was used, it expired, or a newer one replaced it. Ask for a new one.',
  );
}

import type { Scope, UsageLimits } from '#core';
import type { AccessTokenEntity } from '#database';
import { readLimits, readModels, readScopes } from './token-columns.js';
import { TOKEN_PREFIX } from './token-format.js';

/** A token as people and programs may see it: nothing in it is secret. Times in milliseconds since 1970. */
export interface TokenRecord {
  readonly id: string;
  /** `cas_pat_` and the characters it is found by: enough to tell which token a leaked one is. */
  readonly publicPart: string;
  readonly name: string;
  /** The account it belongs to; null for one made on the host itself. */
  readonly ownerId: string | null;
  readonly scopes: readonly Scope[];
  /** null = every model. */
  readonly models: readonly string[] | null;
  readonly limits: UsageLimits;
  /** A token that the service made for a page of its own, in the name of its owner; null for any other. */
  readonly purpose: 'playground' | null;
  /** Whether what is sent with it may be stored. */
  readonly storesInputs: boolean;
  readonly createdAtMs: number;
  /** The id of the actor who made it. */
  readonly createdBy: string;
  /** null = never. */
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
  /** Until when the secret before the last rotation still works; null when it does not. */
  readonly graceUntilMs: number | null;
  readonly status: 'active' | 'expired' | 'revoked';
  /** Until when the revocation can be undone; null when it cannot. */
  readonly restorableUntilMs: number | null;
  /** What came with each secret since the last rotation; null for a token that has its first one. */
  readonly rotation: TokenRotation | null;
  /** Up to a few seconds behind. */
  readonly lastUsed: {
    readonly atMs: number;
    readonly from: string | null;
    readonly protocol: string | null;
    readonly model: string | null;
  } | null;
}

/** Both secrets of a token since its last rotation, up to a few seconds behind. */
export interface TokenRotation {
  readonly atMs: number;
  readonly present: { readonly requests: number; readonly lastUsedAtMs: number | null };
  /** `lastUsedAtMs` may lie before the rotation; the requests are those since. */
  readonly previous: {
    readonly requests: number;
    readonly lastUsedAtMs: number | null;
    readonly lastUsedFrom: string | null;
  };
}

export function tokenRecordOf(entity: AccessTokenEntity, nowMs: number): TokenRecord {
  const { id, name, ownerId, createdAtMs, createdBy, expiresAtMs, revokedAtMs, previousValidUntilMs } = entity;
  const graceUntilMs = previousValidUntilMs !== null && previousValidUntilMs > nowMs ? previousValidUntilMs : null;
  return {
    ...{ id, publicPart: TOKEN_PREFIX + entity.lookup, name, ownerId },
    ...{ scopes: readScopes(entity.scopes), models: readModels(entity.models), limits: readLimits(entity.limits) },
    purpose: entity.purpose === 'playground' ? 'playground' : null,
    storesInputs: entity.storesInputs === 1,
    ...{ createdAtMs, createdBy, expiresAtMs, revokedAtMs, graceUntilMs },
    status: statusOf(entity, nowMs),
    restorableUntilMs: restorableUntilOf(entity, nowMs),
    rotation: rotationOf(entity),
    lastUsed: lastUseOf(entity),
  };
}

/** What the audit trail keeps of a token: who may do what with it and how long. */
export function auditedToken(entity: AccessTokenEntity): Record<string, unknown> {
  const { name, ownerId, expiresAtMs, revokedAtMs, previousValidUntilMs } = entity;
  return {
    ...{ name, ownerId, expiresAtMs, revokedAtMs, previousSecretUntilMs: previousValidUntilMs },
    ...{ scopes: readScopes(entity.scopes), models: readModels(entity.models), limits: readLimits(entity.limits) },
    storesInputs: entity.storesInputs === 1,
  };
}

function statusOf({ revokedAtMs, expiresAtMs }: AccessTokenEntity, nowMs: number): TokenRecord['status'] {
  if (revokedAtMs !== null) return 'revoked';
  return expiresAtMs !== null && expiresAtMs <= nowMs ? 'expired' : 'active';
}

function restorableUntilOf(
  { revokedAtMs, restorableUntilMs, expiresAtMs }: AccessTokenEntity,
  nowMs: number,
): number | null {
  if (revokedAtMs === null || restorableUntilMs === null || restorableUntilMs <= nowMs) return null;
  return expiresAtMs !== null && expiresAtMs <= nowMs ? null : restorableUntilMs;
}

function rotationOf(entity: AccessTokenEntity): TokenRotation | null {
  const { rotatedAtMs: atMs, previousUsedAtMs, previousUsedFrom } = entity;
  if (atMs === null) return null;
  const present = { requests: entity.presentRequests, lastUsedAtMs: entity.presentUsedAtMs };
  const previous = {
    requests: entity.previousRequests,
    lastUsedAtMs: previousUsedAtMs,
    lastUsedFrom: previousUsedFrom,
  };
  return { atMs, present, previous };
}

function lastUseOf(entity: AccessTokenEntity): TokenRecord['lastUsed'] {
  const { lastUsedAtMs: atMs, lastUsedFrom: from, lastUsedProtocol: protocol, lastUsedModel: model } = entity;
  return atMs === null ? null : { atMs, from, protocol, model };
}

import { timingSafeEqual } from 'node:crypto';
import { DomainError, type Principal } from '#core';
import type { AccessTokenEntity } from '#database';
import { readLimits, readModels, readScopes } from './token-columns.js';
import type { ParsedToken } from './token-format.js';

/** The columns that a mirror needs. */
export const MIRRORED_COLUMNS = [
  ...(['id', 'lookup', 'secretSha256', 'previousSecretSha256', 'previousValidUntilMs', 'name', 'scopes'] as const),
  ...(['models', 'limits', 'expiresAtMs', 'revokedAtMs', 'changeSeq'] as const),
] as const satisfies readonly (keyof AccessTokenEntity)[];

export type MirroredToken = Pick<AccessTokenEntity, (typeof MIRRORED_COLUMNS)[number]>;

interface Entry {
  readonly lookup: string;
  readonly principal: Principal;
  readonly secretSha256: string;
  readonly previousSecretSha256: string | null;
  readonly previousValidUntilMs: number | null;
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
}

/**
 * Access tokens in memory, by what they are found by. Tokens that ended are kept until `forgetEndedBefore`, so that
 * whoever still uses one hears why it stopped.
 */
export class TokenMirror {
  private readonly byLookup = new Map<string, Entry>();
  private readonly byId = new Map<string, Entry>();
  /** Parsed columns that many tokens have in common, by their text. */
  private readonly rights = new Map<string, Pick<Principal, 'scopes' | 'models' | 'limits'>>();

  get size(): number {
    return this.byId.size;
  }

  /** Whether the secret is one of a token here, live or not; one that was rotated elsewhere just now is not yet. */
  knows({ lookup, secretSha256 }: ParsedToken, nowMs: number): boolean {
    const entry = this.byLookup.get(lookup);
    return entry !== undefined && isSecretOf(entry, secretSha256, nowMs);
  }

  /** Takes a token over as it is now. One whose columns cannot be read does not work until they can. */
  put(row: MirroredToken): void {
    this.remove(row.id);
    const entry = this.entryOf(row);
    if (entry === undefined) return;
    this.byLookup.set(row.lookup, entry);
    this.byId.set(row.id, entry);
  }

  forgetEndedBefore(endedMs: number): void {
    for (const [id, { expiresAtMs, revokedAtMs }] of this.byId) {
      if (Math.min(expiresAtMs ?? Infinity, revokedAtMs ?? Infinity) < endedMs) this.remove(id);
    }
    this.rights.clear();
  }

  /** @throws DomainError `unauthenticated` */
  open({ lookup, secretSha256 }: ParsedToken, nowMs: number): Principal {
    const entry = this.byLookup.get(lookup);
    if (entry === undefined || !isSecretOf(entry, secretSha256, nowMs)) throw refused();
    requireLive(entry, nowMs);
    return entry.principal;
  }

  /** @throws DomainError `unauthenticated` when the token of a principal has ended, or is none of ours */
  requireLive(principalId: string, nowMs: number): void {
    const entry = this.byId.get(principalId);
    if (entry === undefined) throw refused();
    requireLive(entry, nowMs);
  }

  private remove(id: string): void {
    const entry = this.byId.get(id);
    if (entry === undefined) return;
    this.byId.delete(id);
    this.byLookup.delete(entry.lookup);
  }

  private entryOf(row: MirroredToken): Entry | undefined {
    const { id, lookup, name, secretSha256, previousSecretSha256, previousValidUntilMs, expiresAtMs, revokedAtMs } =
      row;
    const rights = this.rightsOf(row);
    if (rights === undefined) return undefined;
    const principal: Principal = { id, name, ...rights };
    return {
      ...{ lookup, principal, secretSha256, previousSecretSha256, previousValidUntilMs, expiresAtMs, revokedAtMs },
    };
  }

  private rightsOf(row: MirroredToken): Pick<Principal, 'scopes' | 'models' | 'limits'> | undefined {
    const key = JSON.stringify([row.scopes, row.models, row.limits]);
    const known = this.rights.get(key);
    if (known !== undefined) return known;
    try {
      const models = readModels(row.models);
      const rights = {
        scopes: readScopes(row.scopes),
        limits: readLimits(row.limits),
        ...(models === null ? {} : { models }),
      };
      this.rights.set(key, rights);
      return rights;
    } catch {
      return undefined;
    }
  }
}

/** The one text for what is unknown or wrong: it tells a guesser nothing. */
export function refused(): DomainError {
  return new DomainError(
    'unauthenticated',
    'The access token is not valid. Check that it was copied whole, or ask the operator for a new one.',
  );
}

function requireLive({ expiresAtMs, revokedAtMs, principal }: Entry, nowMs: number): void {
  const details = { internal: `token ${principal.id}` };
  if (revokedAtMs !== null) {
    throw new DomainError('unauthenticated', 'The access token was revoked. Ask the operator for a new one.', details);
  }
  if (expiresAtMs !== null && expiresAtMs <= nowMs) {
    throw new DomainError('unauthenticated', 'The access token has expired. Ask the operator for a new one.', details);
  }
}

function isSecretOf(entry: Entry, secretSha256: string, nowMs: number): boolean {
  const { previousSecretSha256: previous, previousValidUntilMs } = entry;
  if (isEqual(entry.secretSha256, secretSha256)) return true;
  const inGrace = previousValidUntilMs !== null && nowMs < previousValidUntilMs;
  return inGrace && previous !== null && isEqual(previous, secretSha256);
}

function isEqual(stored: string, given: string): boolean {
  return stored.length === given.length && timingSafeEqual(Buffer.from(stored), Buffer.from(given));
}

import { DomainError, type Principal } from '#core';
import type { AccessTokenEntity } from '#database';
import { equalsInConstantTime } from '../secrets.js';
import { readLimits, readModels, readScopes } from './token-columns.js';
import type { ParsedToken } from './token-format.js';

/** The columns that a cache needs. */
export const CACHED_COLUMNS = [
  ...(['id', 'lookup', 'secretSha256', 'previousSecretSha256', 'previousValidUntilMs', 'name', 'scopes'] as const),
  ...(['models', 'limits', 'expiresAtMs', 'revokedAtMs', 'changeSeq'] as const),
] as const satisfies readonly (keyof AccessTokenEntity)[];

export type CachedToken = Pick<AccessTokenEntity, (typeof CACHED_COLUMNS)[number]>;

/** A secret by which a token is let in at the moment: the present one, or in a grace the one before. */
interface Key {
  readonly sha256: string;
  /** Until when it is good, in milliseconds since 1970; Infinity for the present one. */
  readonly untilMs: number;
  /** Who comes by this secret. Each has an object of its own, by which a call that lasts is known again. */
  readonly principal: Principal;
}

interface Entry {
  readonly lookup: string;
  readonly keys: readonly Key[];
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
}

/**
 * Access tokens in memory, by lookup part and by id. It keeps tokens that ended until `forgetEndedBefore`, so that
 * people who still use one hear why it stopped.
 */
export class TokenCache {
  private readonly byLookup = new Map<string, Entry>();
  private readonly byId = new Map<string, Entry>();
  /** Parsed columns by their text, which many tokens have in common. */
  private readonly rights = new Map<string, Pick<Principal, 'scopes' | 'models' | 'limits'>>();

  get size(): number {
    return this.byId.size;
  }

  /** Whether the secret is that of a token here, live or not. One that was rotated elsewhere just now is not yet. */
  knows({ lookup, secretSha256 }: ParsedToken, nowMs: number): boolean {
    const entry = this.byLookup.get(lookup);
    return entry !== undefined && keyOf(entry, secretSha256, nowMs) !== undefined;
  }

  /** Takes a token as it is now. One whose columns cannot be read does not work until they can. */
  put(row: CachedToken): void {
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
    const key = entry && keyOf(entry, secretSha256, nowMs);
    if (entry === undefined || key === undefined) throw refused();
    requireLive(entry, key.principal, nowMs);
    return key.principal;
  }

  /**
   * Whom `open` let in, with the rights that the token has now.
   *
   * @throws DomainError `unauthenticated` when the token has ended, or the secret that was shown was replaced since
   */
  again(principal: Principal, nowMs: number): Principal {
    const entry = this.byId.get(principal.id);
    const shown = SECRETS_SHOWN.get(principal);
    if (entry === undefined || shown === undefined) throw refused();
    requireLive(entry, principal, nowMs);
    const key = keyOf(entry, shown, nowMs);
    if (key === undefined) throw replaced(principal);
    return key.principal;
  }

  private remove(id: string): void {
    const entry = this.byId.get(id);
    if (entry === undefined) return;
    this.byId.delete(id);
    this.byLookup.delete(entry.lookup);
  }

  private entryOf(row: CachedToken): Entry | undefined {
    const { id, lookup, name, secretSha256, previousSecretSha256, previousValidUntilMs, expiresAtMs, revokedAtMs } =
      row;
    const rights = this.rightsOf(row);
    if (rights === undefined) return undefined;
    const key = (sha256: string, untilMs: number): Key => {
      const principal: Principal = { id, name, ...rights };
      SECRETS_SHOWN.set(principal, sha256);
      return { sha256, untilMs, principal };
    };
    const hasFormer = previousSecretSha256 !== null && previousValidUntilMs !== null;
    const former = hasFormer ? [key(previousSecretSha256, previousValidUntilMs)] : [];
    return { lookup, keys: [key(secretSha256, Infinity), ...former], expiresAtMs, revokedAtMs };
  }

  private rightsOf(row: CachedToken): Pick<Principal, 'scopes' | 'models' | 'limits'> | undefined {
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

/**
 * The digest of the secret that each principal came by, for as long as anybody holds it; of all caches, since a
 * restored database brings a new one.
 */
const SECRETS_SHOWN = new WeakMap<Principal, string>();

/** The one text for unknown and wrong tokens: it tells a guesser nothing. */
export function refused(): DomainError {
  return new DomainError(
    'unauthenticated',
    'The access token is not valid. Check that it was copied whole, or ask the operator for a new one.',
  );
}

function replaced({ id }: Principal): DomainError {
  return new DomainError(
    'unauthenticated',
    'The secret of the access token was replaced since the call began. Use the new one.',
    { internal: `token ${id}` },
  );
}

function requireLive({ expiresAtMs, revokedAtMs }: Entry, { id }: Principal, nowMs: number): void {
  const details = { internal: `token ${id}` };
  if (revokedAtMs !== null) {
    throw new DomainError('unauthenticated', 'The access token was revoked. Ask the operator for a new one.', details);
  }
  if (expiresAtMs !== null && expiresAtMs <= nowMs) {
    throw new DomainError('unauthenticated', 'The access token has expired. Ask the operator for a new one.', details);
  }
}

function keyOf({ keys }: Entry, secretSha256: string, nowMs: number): Key | undefined {
  return keys.find(({ sha256, untilMs }) => nowMs < untilMs && equalsInConstantTime(sha256, secretSha256));
}

import { DomainError, type Authenticated, type Principal, type TokenCredential } from '#core';
import type { AccessTokenEntity } from '#database';
import { equalsInConstantTime } from '../secrets/secrets.js';
import { readLimits, readModels, readScopes } from './token-columns.js';
import type { ParsedToken } from './token-format.js';

/** The columns that a cache needs. */
export const CACHED_COLUMNS = [
  ...(['id', 'lookup', 'secretSha256', 'previousSecretSha256', 'previousValidUntilMs', 'name', 'scopes'] as const),
  ...(['models', 'limits', 'storesInputs', 'expiresAtMs', 'revokedAtMs', 'changeSeq'] as const),
] as const satisfies readonly (keyof AccessTokenEntity)[];

export type CachedToken = Pick<AccessTokenEntity, (typeof CACHED_COLUMNS)[number]>;

/** A secret that opens a token: the present one, or the one before during its grace. */
interface Key {
  /** What `open` answers for it. */
  readonly authenticated: Authenticated<TokenCredential>;
  /** Until when it is good, in milliseconds since 1970; Infinity for the present one. */
  readonly untilMs: number;
}

/** What a token allows. */
type Rights = Pick<Principal, 'scopes' | 'models' | 'limits' | 'storesInputs'>;

interface Entry {
  readonly lookup: string;
  readonly principal: Principal;
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
  private readonly rights = new Map<string, Rights>();

  get size(): number {
    return this.byId.size;
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

  /**
   * Whom a token speaks for; undefined when its secret is not here, such as one that was rotated elsewhere just now.
   *
   * @throws DomainError `unauthenticated` for a token that has ended
   */
  open({ lookup, secretSha256 }: ParsedToken, nowMs: number): Authenticated<TokenCredential> | undefined {
    const entry = this.byLookup.get(lookup);
    const key = entry?.keys.find((one) => nowMs < one.untilMs && equalsInConstantTime(digestOf(one), secretSha256));
    if (entry === undefined || key === undefined) return undefined;
    requireLive(entry, nowMs);
    return key.authenticated;
  }

  /**
   * Checks again what `open` let in, and answers the principal with the rights that the token has now.
   *
   * @throws DomainError `unauthenticated` when the token has ended, or its secret was replaced since
   */
  recheck({ tokenId, secretSha256 }: TokenCredential, nowMs: number): Principal {
    const entry = this.byId.get(tokenId);
    if (entry === undefined) throw refused();
    requireLive(entry, nowMs);
    // A plain comparison: `open` made the credential, so nobody can guess by its time.
    const isGood = entry.keys.some((key) => nowMs < key.untilMs && digestOf(key) === secretSha256);
    if (!isGood) throw replaced(tokenId);
    return entry.principal;
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
    const principal: Principal = { id, name, ...rights };
    const key = (sha256: string, untilMs: number): Key => ({
      authenticated: { principal, credential: { tokenId: id, secretSha256: sha256 } },
      untilMs,
    });
    const keys = [key(secretSha256, Infinity)];
    if (previousSecretSha256 !== null && previousValidUntilMs !== null) {
      keys.push(key(previousSecretSha256, previousValidUntilMs));
    }
    return { lookup, principal, keys, expiresAtMs, revokedAtMs };
  }

  private rightsOf(row: CachedToken): Rights | undefined {
    const key = JSON.stringify([row.scopes, row.models, row.limits, row.storesInputs]);
    const known = this.rights.get(key);
    if (known !== undefined) return known;
    try {
      const models = readModels(row.models);
      const rights = {
        scopes: readScopes(row.scopes),
        limits: readLimits(row.limits),
        ...(models === null ? {} : { models }),
        ...(row.storesInputs === 1 ? { storesInputs: true as const } : {}),
      };
      this.rights.set(key, rights);
      return rights;
    } catch {
      return undefined;
    }
  }
}

/** The one text for unknown and wrong tokens: it tells a guesser nothing. */
export function refused(): DomainError {
  return new DomainError(
    'unauthenticated',
    'The access token is not valid. Check that it was copied whole, or ask the operator for a new one.',
  );
}

function replaced(tokenId: string): DomainError {
  return new DomainError(
    'unauthenticated',
    'The secret of the access token was replaced since the call began. Use the new one.',
    { internal: `token ${tokenId}` },
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

function digestOf({ authenticated }: Key): string {
  return authenticated.credential.secretSha256;
}

import { DomainError } from '#core';
import type { AccountSessionEntity } from '#database';
import type { Account } from '../accounts/account.js';
import { equalsInConstantTime, sha256 } from '../secrets/secrets.js';

/** One browser that is logged in. Times in milliseconds since 1970. */
export interface Session {
  readonly id: string;
  readonly accountId: string;
  readonly createdAtMs: number;
  /** Exact to a minute. */
  readonly lastSeenAtMs: number;
  readonly expiresAtMs: number;
  /** The address it was made from. */
  readonly from: string;
  readonly userAgent: string;
}

export interface ResolvedSession {
  readonly account: Account;
  readonly session: Session;
}

export function sessionOf(entity: AccountSessionEntity): Session {
  const { id, accountId, createdAtMs, lastSeenAtMs, expiresAtMs, fromAddress: from, userAgent } = entity;
  return { id, accountId, createdAtMs, lastSeenAtMs, expiresAtMs, from, userAgent };
}

/**
 * The token that a page must send with every change, beside its cookie. Another site can make a browser send the
 * cookie, but can read neither. It follows from the session's secret, so nothing more is stored, and it tells nothing
 * about the secret.
 */
export function csrfTokenOf(sessionSecret: string): string {
  return sha256(`csrf:${sessionSecret}`);
}

/** @throws DomainError `permission_denied` unless `token` belongs to the session; compared in constant time */
export function requireCsrfToken(sessionSecret: string, token: string | undefined): void {
  if (token !== undefined && equalsInConstantTime(token, csrfTokenOf(sessionSecret))) return;
  throw new DomainError(
    'permission_denied',
    'The CSRF token (header x-csrf-token) is missing or is not that of this session. Reload the page, or log in again.',
  );
}

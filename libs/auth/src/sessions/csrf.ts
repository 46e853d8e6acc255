import { DomainError } from '#core';
import { equalsInConstantTime, sha256 } from '../secrets.js';

/**
 * The token that a page must send with every change besides its cookie. It follows from the session's secret, so
 * nothing more is stored, and it tells nothing about the secret: another site can make a browser send the cookie, but
 * can read neither.
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

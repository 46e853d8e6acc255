import type { TokenRecord } from '#auth';
import { DomainError, type Scope } from '#core';
import { callerMay, type Caller } from '../access/caller.js';

/** Whether the token belongs to the caller's account. */
function isOwn(caller: Caller, record: TokenRecord): boolean {
  return caller.account !== undefined && record.ownerId === caller.account.id;
}

/** Hides tokens of others from callers who may not see them: an id tells them nothing. */
export function requireMayRead(caller: Caller, record: TokenRecord): void {
  const permission = isOwn(caller, record) ? 'tokens:read-own' : 'tokens:read';
  if (callerMay(caller, permission)) return;
  throw new DomainError('not_found', 'There is no token with this id. List the tokens to see their ids.');
}

/** @throws DomainError `not_found` as `requireMayRead`, `permission_denied` for one that may be seen only */
export function requireMayWrite(caller: Caller, record: TokenRecord): void {
  requireMayRead(caller, record);
  const permission = isOwn(caller, record) ? 'tokens:write-own' : 'tokens:write';
  if (callerMay(caller, permission)) return;
  throw new DomainError('permission_denied', 'Your role cannot change this token. Ask its owner, or an admin.');
}

/**
 * Checks that nobody gives more than they have: only those who administer give administration, and a token that is
 * limited to some models makes no token for others.
 *
 * @param given what the token shall have; left out = what a new one gets by default, or what it has
 * @throws DomainError `permission_denied`
 */
export function requireMayGrant(
  caller: Caller,
  given: { readonly scopes?: readonly Scope[] | undefined; readonly models?: readonly string[] | null | undefined },
): void {
  if (given.scopes?.includes('admin:*') === true && !callerMay(caller, 'tokens:write')) {
    throw new DomainError('permission_denied', 'Only owners and admins can give the scope admin:*.');
  }
  const own = caller.via === 'token' ? caller.token.models : null;
  if (own === null || given.models?.every((model) => own.includes(model)) === true) return;
  throw new DomainError('permission_denied', `This token can only make tokens for its own models: ${own.join(', ')}.`);
}

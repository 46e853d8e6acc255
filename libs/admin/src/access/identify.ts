import type { FastifyRequest } from 'fastify';
import { csrfTokenOf, isLower, type Account } from '#auth';
import { DomainError, requireScope } from '#core';
import type { AdminServices } from '../admin-services.js';
import { notLoggedIn, type SessionCaller, type TokenCaller } from './caller.js';
import { clientAddressOf } from './client-address.js';

/**
 * Who the secret of a session's cookie speaks for.
 *
 * @throws DomainError `unauthenticated` when there is none, or the session has ended
 */
export async function identifySession(
  { sessions }: AdminServices,
  req: FastifyRequest,
  secret: string | undefined,
): Promise<SessionCaller> {
  if (secret === undefined) throw notLoggedIn();
  const { account, session } = await sessions.resolve(secret);
  const { id, email: name, role } = account;
  const actor = { kind: 'account', id, name, from: clientAddressOf(req) } as const;
  return { via: 'session', account, session, csrfToken: csrfTokenOf(secret), role, actor };
}

/**
 * Who the token of an Authorization header speaks for. It acts with the role of the account that owns it, but never as
 * an owner; one that was made on the host acts as an admin.
 *
 * @throws DomainError `unauthenticated` for a token that is not valid, `permission_denied` for one without `admin:*`
 */
export async function identifyToken(
  services: AdminServices,
  req: FastifyRequest,
  authorization: string,
): Promise<TokenCaller> {
  const principal = await services.guard.authenticate({ authorization });
  if (principal === undefined) throw notLoggedIn();
  requireScope(principal, 'admin:*');
  const token = await services.tokens.get(principal.id);
  if (token.status !== 'active') throw notLoggedIn();
  const account = token.ownerId === null ? undefined : await ownerOf(services, token.ownerId);
  const role = account !== undefined && isLower(account.role, 'admin') ? account.role : 'admin';
  const from = clientAddressOf(req);
  services.uses.note(token.id, { from, protocol: 'admin' });
  return { via: 'token', token, account, role, actor: { kind: 'token', id: token.id, name: token.name, from } };
}

/** The tokens of an account that is gone or disabled are revoked; should one be left over, it opens nothing. */
async function ownerOf({ accounts }: AdminServices, accountId: string): Promise<Account> {
  const account = await accounts.get(accountId).catch((err: unknown) => {
    if (err instanceof DomainError && err.code === 'not_found') throw notLoggedIn();
    throw err;
  });
  if (account.status === 'disabled') throw notLoggedIn();
  return account;
}

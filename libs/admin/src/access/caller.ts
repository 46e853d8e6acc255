import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '#audit';
import {
  requirePermission,
  ROLE_PERMISSIONS,
  type Account,
  type Permission,
  type Session,
  type TokenRecord,
} from '#auth';
import { DomainError } from '#core';
import type { AccountRole } from '#database';

/** A person in a browser. */
export interface SessionCaller {
  readonly via: 'session';
  readonly account: Account;
  readonly session: Session;
  /** What the page must send with every change. */
  readonly csrfToken: string;
  readonly role: AccountRole;
  readonly actor: Actor;
}

/** A program with an access token of the scope `admin:*`. */
export interface TokenCaller {
  readonly via: 'token';
  readonly token: TokenRecord;
  /** Whose token it is; undefined for one that was made on the host. */
  readonly account: Account | undefined;
  readonly role: AccountRole;
  readonly actor: Actor;
}

/** Who calls, as the front door found. */
export type Caller = SessionCaller | TokenCaller;

/**
 * What the caller may do: all that its role may. A token that is limited to some models changes no accounts, though: whom it
 * invited, or gave a reset link, would not be limited.
 */
export function permissionsOf(caller: Caller): readonly Permission[] {
  const permissions = ROLE_PERMISSIONS[caller.role];
  return isLimitedToModels(caller) ? permissions.filter((one) => one !== 'accounts:write') : permissions;
}

/** Whether `permissionsOf` has it. */
export function callerMay(caller: Caller, permission: Permission): boolean {
  return permissionsOf(caller).includes(permission);
}

/** @throws DomainError `permission_denied` */
export function requireCallerMay(caller: Caller, permission: Permission): void {
  requirePermission(caller, permission);
  if (callerMay(caller, permission)) return;
  throw new DomainError(
    'permission_denied',
    'A token that is limited to some models cannot change accounts. Use one for every model, or log in.',
  );
}

/** Notes who sent `req`. */
export function rememberCaller(req: FastifyRequest, caller: Caller): void {
  callers.set(req, caller);
}

/** @throws DomainError `unauthenticated` for a request that no door has seen: what is forgotten is refused */
function callerOf(req: FastifyRequest): Caller {
  const caller = callers.get(req);
  if (caller === undefined) throw notLoggedIn();
  return caller;
}

/** @throws DomainError `permission_denied` for a token: some things a person does for itself */
export function sessionOf(req: FastifyRequest): SessionCaller {
  const caller = callerOf(req);
  if (caller.via === 'session') return caller;
  throw new DomainError('permission_denied', 'This is for people who are logged in; an access token cannot do it.');
}

export function notLoggedIn(): DomainError {
  return new DomainError(
    'unauthenticated',
    'This needs a log-in, or a token with the scope admin:* as "Authorization: Bearer …".',
  );
}

/** Hands a route its caller. */
export const Calling = createParamDecorator((_: unknown, ctx: ExecutionContext) =>
  callerOf(ctx.switchToHttp().getRequest<FastifyRequest>()),
);

/** Hands a route its caller, who is a person that is logged in. */
export const Person = createParamDecorator((_: unknown, ctx: ExecutionContext) =>
  sessionOf(ctx.switchToHttp().getRequest<FastifyRequest>()),
);

function isLimitedToModels(caller: Caller): boolean {
  return caller.via === 'token' && caller.token.models !== null;
}

/** Requests and not their raw messages: a request that Fastify hands on is the same object from hook to handler. */
const callers = new WeakMap<FastifyRequest, Caller>();

import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
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

/** Who calls. */
export type Caller = SessionCaller | TokenCaller;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent the request. AccessGuard sets it; on an open route nobody does. */
    caller?: Caller;
  }
}

/**
 * What the caller may do: all that its role may. A token that is limited to some models changes no accounts, though: an
 * account that it invited, or gave a reset link, would not be limited.
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

/** @throws DomainError `permission_denied` for a token: some things a person does for itself */
export function requirePerson(caller: Caller): SessionCaller {
  if (caller.via === 'session') return caller;
  throw new DomainError('permission_denied', 'This is for people who are logged in; an access token cannot do it.');
}

/** Why a caller is refused whom nothing identifies. */
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

/** Hands a route its caller, a person that is logged in. */
export const Person = createParamDecorator((_: unknown, ctx: ExecutionContext) =>
  requirePerson(callerOf(ctx.switchToHttp().getRequest<FastifyRequest>())),
);

/** The caller's address as trusted proxies report it; an IPv4 address that comes as IPv6 is written as IPv4. */
export function clientAddressOf({ ip }: Pick<FastifyRequest, 'ip'>): string {
  return ipaddr.isValid(ip) ? ipaddr.process(ip).toString() : 'unknown';
}

/** @throws DomainError `unauthenticated` on an open route: what nobody has identified is refused */
function callerOf({ caller }: FastifyRequest): Caller {
  if (caller === undefined) throw notLoggedIn();
  return caller;
}

function isLimitedToModels(caller: Caller): boolean {
  return caller.via === 'token' && caller.token.models !== null;
}

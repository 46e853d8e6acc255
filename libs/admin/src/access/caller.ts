import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '#audit';
import { isPermitted, type Account, type Permission, type Session, type TokenRecord } from '#auth';
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

/** Whether the caller's role may do it. */
export function callerMay(caller: Caller, permission: Permission): boolean {
  return isPermitted(caller, permission);
}

/** Notes who sent `req`. */
export function rememberCaller(req: FastifyRequest, caller: Caller): void {
  callers.set(req, caller);
}

/** @throws DomainError `unauthenticated` for a request that no door has seen: what is forgotten is refused */
export function callerOf(req: FastifyRequest): Caller {
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

/** Requests and not their raw messages: a request that Fastify hands on is the same object from hook to handler. */
const callers = new WeakMap<FastifyRequest, Caller>();

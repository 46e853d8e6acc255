import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '#core';
import { notLoggedIn, requireCallerMay, requirePerson, type Caller } from './caller.js';
import { needOf, type Need } from './needs.js';
import { isChange, PublicAddress } from './public-address.js';
import { AccessTokenStrategy, SessionStrategy } from './strategies.js';

/**
 * Lets requests in, before their body is read (BodyReader): a change must come from a page of ours, the caller must be
 * known, and must have what the route declares. The guard refuses a route that declares nothing.
 */
@Injectable()
export class AccessGuard extends AuthGuard() {
  constructor(
    private readonly reflector: Reflector,
    private readonly address: PublicAddress,
    accessToken: AccessTokenStrategy,
    session: SessionStrategy,
  ) {
    // Passport's `session` is one that passport itself would keep; SessionService has ours.
    super({ defaultStrategy: [accessToken.name, session.name], property: 'caller', session: false });
  }

  /** @throws DomainError `permission_denied`, `unauthenticated`; `internal` for a route that declares nothing */
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const req = context.switchToHttp().getRequest<FastifyRequest>();
    const need = needOf(this.reflector, context);
    if (need === undefined) throw undeclared(req);
    if (isChange(req) && req.headers.authorization === undefined) this.address.requireSameOrigin(req);
    if (need === 'nothing') return true;
    await super.canActivate(context);
    requireNeed(req.caller, need);
    return true;
  }

  /** `caller` is false when no strategy found a credential of its kind. */
  override handleRequest<Found>(err: unknown, caller: Found | false): Found {
    if (err !== null && err !== undefined) throw DomainError.from(err);
    if (caller === false) throw notLoggedIn();
    return caller;
  }
}

function requireNeed(caller: Caller | undefined, need: Exclude<Need, 'nothing'>): void {
  if (caller === undefined) throw notLoggedIn();
  if (need === 'session') requirePerson(caller);
  else if (need !== 'caller') requireCallerMay(caller, need);
}

function undeclared({ method, routeOptions }: FastifyRequest): DomainError {
  return new DomainError('internal', 'The server failed on this request. The log of the server has the reason.', {
    internal: `the route ${method} ${routeOptions.url} does not declare what it needs`,
  });
}

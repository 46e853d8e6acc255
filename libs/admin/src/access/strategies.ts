import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import passport from 'passport';
import {
  AccountService,
  csrfTokenOf,
  isLower,
  requireCsrfToken,
  SessionService,
  TokenVerifier,
  tokenOf,
  TokenService,
  TokenUses,
  type Account,
} from '#auth';
import { DomainError, requireScope } from '#core';
import { clientAddressOf, notLoggedIn, type Caller, type SessionCaller, type TokenCaller } from './caller.js';
import { Cookies } from './cookies.js';
import { isChange } from './public-address.js';

/**
 * A passport strategy whose `validate` answers who sent a request, or undefined when the request carries no credential
 * of this kind: passport then asks the next strategy. An error ends the search, so that a wrong credential never falls
 * back to another one.
 */
class RequestStrategy implements OnModuleDestroy {
  /** One of its own for each instance: passport has one registry in a process, which may have several servers. */
  readonly name = `admin-${randomUUID()}`;
  /** Passport sets these three on the copy of the strategy that it makes for each request. */
  declare readonly success: (caller: Caller) => void;
  declare readonly fail: (status: number) => void;
  declare readonly error: (err: unknown) => void;

  /** @param ask calls `validate` of the subclass; @nestjs/passport passes it */
  constructor(private readonly ask: (req: FastifyRequest, done: (err: unknown, caller?: Caller) => void) => void) {}

  authenticate(req: FastifyRequest): void {
    this.ask(req, (err, caller) => {
      if (err !== null) this.error(err);
      else if (caller === undefined) this.fail(401);
      else this.success(caller);
    });
  }

  onModuleDestroy(): void {
    passport.unuse(this.name);
  }
}

/** Access tokens in the Authorization header. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(RequestStrategy) {
  constructor(
    private readonly verifier: TokenVerifier,
    private readonly tokens: TokenService,
    private readonly accounts: AccountService,
    private readonly uses: TokenUses,
  ) {
    super();
  }

  /**
   * A token acts with the role of the account that owns it, but never as an owner; one that was made on the host acts
   * as an admin.
   *
   * @throws DomainError `unauthenticated` for a token that is not valid, `permission_denied` for one without `admin:*`
   */
  override async validate(req: FastifyRequest): Promise<TokenCaller | undefined> {
    const { authorization } = req.headers;
    if (authorization === undefined) return undefined;
    const shown = tokenOf({ authorization });
    if (shown === undefined) throw notLoggedIn();
    const { principal, credential } = await this.verifier.verify(shown);
    requireScope(principal, 'admin:*');
    const token = await this.tokens.get(principal.id);
    if (token.status !== 'active') throw notLoggedIn();
    const account = token.ownerId === null ? undefined : await this.ownerOf(token.ownerId);
    const role = account !== undefined && isLower(account.role, 'admin') ? account.role : 'admin';
    const from = clientAddressOf(req);
    this.uses.note(token.id, { from, protocol: 'admin', credential });
    return { via: 'token', token, account, role, actor: { kind: 'token', id: token.id, name: token.name, from } };
  }

  /** The tokens of an account that is gone or disabled are revoked; one that is left over opens nothing. */
  private async ownerOf(accountId: string): Promise<Account> {
    const account = await this.accounts.get(accountId).catch((err: unknown) => {
      if (err instanceof DomainError && err.code === 'not_found') throw notLoggedIn();
      throw err;
    });
    if (account.status === 'disabled') throw notLoggedIn();
    return account;
  }
}

/** Sessions of the console: a secret in a cookie, and with each change the CSRF token that belongs to it. */
@Injectable()
export class SessionStrategy extends PassportStrategy(RequestStrategy) {
  constructor(
    private readonly sessions: SessionService,
    private readonly cookies: Cookies,
  ) {
    super();
  }

  /** @throws DomainError `unauthenticated` when the session has ended, `permission_denied` for a wrong CSRF token */
  override async validate(req: FastifyRequest): Promise<SessionCaller | undefined> {
    const secret = this.cookies.read(req, 'session');
    if (secret === undefined) return undefined;
    const { account, session } = await this.sessions.resolve(secret);
    if (isChange(req)) requireCsrfToken(secret, headerOf(req, 'x-csrf-token'));
    const { id, email: name, role } = account;
    const actor = { kind: 'account', id, name, from: clientAddressOf(req) } as const;
    return { via: 'session', account, session, csrfToken: csrfTokenOf(secret), role, actor };
  }
}

function headerOf(req: FastifyRequest, name: string): string | undefined {
  const value = req.headers[name];
  return typeof value === 'string' ? value : undefined;
}

import passport from 'passport';
import { anonymous, DomainError, type Principal } from '#core';
import { AccessTokenStrategy, type RequestWithToken } from './access-token-strategy.js';

/** What a request of any protocol may carry to say whom it speaks for. */
export interface Credentials {
  /** The header or metadata `authorization`: a token, alone or after `Bearer`. */
  readonly authorization?: string | undefined;
  /** The sub-protocols that a WebSocket asks for, of which `bearer.<token>` counts. */
  readonly webSocketProtocols?: readonly string[] | undefined;
}

export interface AccessGuardOptions {
  readonly directory: { verify(token: string): Promise<Principal> };
  /** Whether a request needs a token. Without, whoever has none is `anonymous`. */
  readonly required: boolean;
}

/** Passport's own types want Express; what passport calls and asks of a request is no more than this. */
type Middleware = (request: RequestWithToken, response: object, next: (err?: unknown) => void) => void;

/** The one way in for gRPC, HTTP and WebSocket: every door asks it before it reads a body. */
export class AccessGuard {
  readonly required: boolean;
  /** Passport's registry, apart from the global one. */
  readonly passport = new passport.Authenticator();

  constructor({ directory, required }: AccessGuardOptions) {
    this.required = required;
    this.passport.use(AccessTokenStrategy.strategyName, new AccessTokenStrategy((token) => directory.verify(token)));
  }

  /** What a door throws when a request that needs a token came without one. */
  static missing(): DomainError {
    return new DomainError(
      'unauthenticated',
      'This needs an access token. Send it as the header or metadata "authorization: Bearer <token>".',
    );
  }

  /**
   * Whom a request speaks for. `undefined` = no credential was given although one is required: the door decides whether
   * the request needs one, and throws `missing` then. When none is required, a credential that is no live token of ours
   * (old clients send those of another service), or that cannot be checked, counts as none.
   *
   * @throws DomainError, only when required: `unauthenticated` for a wrong, expired or revoked token, `unavailable`
   * when it cannot be checked
   */
  async authenticate(credentials: Credentials): Promise<Principal | undefined> {
    if (this.required) return this.ask(credentials);
    return (await this.ask(credentials).catch(() => undefined)) ?? anonymous;
  }

  private ask({ authorization, webSocketProtocols }: Credentials): Promise<Principal | undefined> {
    return new Promise((resolve, reject) => {
      const answer = (err: unknown, principal: unknown, challenge: unknown): void => {
        const failure = err ?? challenge;
        if (failure !== undefined && failure !== null) reject(DomainError.from(failure));
        else resolve(isPrincipal(principal) ? principal : undefined);
      };
      const options = { session: false };
      const middleware: Middleware = this.passport.authenticate(AccessTokenStrategy.strategyName, options, answer);
      // Passport writes on the request it is given, so it gets one of its own.
      const headers = { authorization, 'sec-websocket-protocol': webSocketProtocols?.join(',') };
      middleware({ headers }, {}, (err) => reject(DomainError.from(err)));
    });
  }
}

function isPrincipal(user: unknown): user is Principal {
  return typeof user === 'object' && user !== null && 'id' in user && 'scopes' in user;
}

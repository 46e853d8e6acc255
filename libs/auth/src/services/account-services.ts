import type { Clock } from '#core';
import type { Database } from '#database';
import { LogIn } from '../login/log-in.js';
import { LoginThrottle } from '../login/login-throttle.js';
import { Passwords } from '../password/passwords.js';
import { SessionService } from '../sessions/session-service.js';
import { PlaygroundTokens } from '../tokens/playground-tokens.js';
import { TokenService } from '../tokens/token-service.js';
import { AccountCredentials } from './account-credentials.js';
import { AccountService } from './account-service.js';

/** The services that make and change accounts, sessions and tokens. They hold no timers: nothing has to be stopped. */
export interface AccountServices {
  readonly tokens: TokenService;
  readonly sessions: SessionService;
  readonly accounts: AccountService;
  readonly credentials: AccountCredentials;
  readonly logIn: LogIn;
  readonly playgroundTokens: PlaygroundTokens;
}

export interface AccountServicesOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** By default hashes cost what a server can afford (STRONG_COST). */
  readonly passwords?: Passwords;
}

/**
 * Puts the account services together, for the service and the command line alike. Build them once in a process: they
 * share the memory of failed log-ins and of sessions, and the queue of password hashes.
 *
 * @example
 * ```ts
 * const { tokens } = createAccountServices({ database, clock: systemClock });
 * const { token } = await tokens.create(actor, { name: 'ci', expiresInDays: 30 });
 * ```
 */
export function createAccountServices(options: AccountServicesOptions): AccountServices {
  const { database, clock, passwords = new Passwords() } = options;
  const throttle = new LoginThrottle({ clock });
  const tokens = new TokenService({ database, clock });
  const sessions = new SessionService({ database, clock });
  const revokeTokensOf = tokens.revokeAllOf.bind(tokens);
  return {
    tokens,
    sessions,
    accounts: new AccountService({ database, clock, sessions, revokeTokensOf }),
    credentials: new AccountCredentials({ database, clock, passwords, sessions, throttle }),
    logIn: new LogIn({ database, clock, passwords, throttle }),
    playgroundTokens: new PlaygroundTokens({ tokens, clock }),
  };
}

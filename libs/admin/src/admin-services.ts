import type {
  AccountCredentials,
  AccountService,
  LogIn,
  SessionService,
  SingleSignOn,
  TokenDirectory,
  TokenService,
  TokenUses,
} from '#auth';
import type { Clock } from '#core';
import type { Database } from '#database';
import type { UsageRecorder } from '#metering';
import type { ModelAdministration } from '#serving';

/** Single sign-on as it is offered on the log-in page. */
export interface OfferedSignOn {
  readonly service: SingleSignOn;
  /** What the button calls the provider, such as the host of its issuer. */
  readonly name: string;
}

/** What the controllers adapt to. A class, so that it is its own injection token; the app makes the one instance. */
export class AdminServices {
  readonly database: Database;
  readonly clock: Clock;
  readonly tokens: TokenService;
  readonly directory: Pick<TokenDirectory, 'verify'>;
  /** Hears of every use of a token. */
  readonly uses: Pick<TokenUses, 'note'>;
  readonly accounts: AccountService;
  readonly credentials: AccountCredentials;
  readonly sessions: SessionService;
  readonly logIn: LogIn;
  /** Undefined where the operator has set up none. */
  readonly signOn: OfferedSignOn | undefined;
  readonly usage: Pick<UsageRecorder, 'query'>;
  readonly models: ModelAdministration;

  constructor(parts: AdminServices) {
    this.database = parts.database;
    this.clock = parts.clock;
    this.tokens = parts.tokens;
    this.directory = parts.directory;
    this.uses = parts.uses;
    this.accounts = parts.accounts;
    this.credentials = parts.credentials;
    this.sessions = parts.sessions;
    this.logIn = parts.logIn;
    this.signOn = parts.signOn;
    this.usage = parts.usage;
    this.models = parts.models;
  }
}

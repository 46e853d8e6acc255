import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AdminServices, createAdminServer } from '#admin';
import {
  AccountCredentials,
  AccountService,
  LogIn,
  LoginThrottle,
  OidcClient,
  Passwords,
  SessionService,
  SingleSignOn,
} from '#auth';
import type { Settings } from '#config';
import { packageVersion, systemClock } from '#core';
import type { ModelAdministration } from '#serving';
import { nestLogger, type Log } from '#telemetry';
import type { Access } from './access.js';
import { listen, localAddress, type Binding } from './network/listen.js';
import type { TlsFiles } from './tls/tls-files.js';
import { tlsServerFactory } from './tls/tls-server-factory.js';

/** What the admin API is made of. */
export interface AdministrationParts {
  readonly settings: Settings;
  readonly access: Access;
  readonly tls: TlsFiles | undefined;
  readonly log: Log;
  readonly models: ModelAdministration;
}

/** The admin API on its port. */
export class Administration {
  private constructor(
    readonly app: NestFastifyApplication,
    private readonly settings: Settings,
    private readonly credentials: AccountCredentials,
  ) {}

  /** Opens the port; rejects when it cannot be bound. */
  static async open(binding: Binding, parts: AdministrationParts): Promise<Administration> {
    const { settings, tls, log } = parts;
    const { adminUrl: publicUrl, trustedProxies } = settings;
    const services = adminServices(parts);
    const app = await createAdminServer({
      services,
      ...(tls ? { serverFactory: tlsServerFactory(tls) } : {}),
      secureCookies: tls !== undefined || publicUrl?.startsWith('https:') === true,
      ...(publicUrl === undefined ? {} : { publicUrl }),
      ...(trustedProxies === undefined ? {} : { trustedProxies }),
      version: packageVersion(),
      logger: nestLogger(log),
    });
    await listen(app, binding);
    return new Administration(app, settings, services.credentials);
  }

  /** The link that makes the first account; undefined once there is one. `port` is the one that was really bound. */
  async setupUrl(port: number): Promise<string | undefined> {
    const link = await this.credentials.setupLink();
    if (!link) return undefined;
    const { adminUrl, adminHost, tlsCert } = this.settings;
    const base = adminUrl ?? localAddress(tlsCert !== undefined, adminHost, port);
    return `${base}/setup#${link.secret}`;
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}

function adminServices({ settings, access, models }: AdministrationParts): AdminServices {
  const clock = systemClock;
  const { database, tokens, directory, uses, usage } = access;
  const passwords = new Passwords();
  const throttle = new LoginThrottle({ clock });
  const sessions = new SessionService({ database, clock });
  const revokeTokensOf = tokens.revokeAllOf.bind(tokens);
  return new AdminServices({
    database,
    clock,
    tokens,
    directory,
    uses,
    accounts: new AccountService({ database, clock, sessions, revokeTokensOf }),
    credentials: new AccountCredentials({ database, clock, passwords, sessions, throttle }),
    sessions,
    logIn: new LogIn({ database, clock, passwords, throttle }),
    signOn: signOnOf(settings, access),
    usage,
    models,
  });
}

function signOnOf(settings: Settings, { database }: Access): AdminServices['signOn'] {
  const {
    oidcIssuer: issuer,
    oidcClientId: clientId,
    oidcClientSecret: clientSecret,
    oidcDomains,
    oidcRole,
  } = settings;
  if (issuer === undefined || clientId === undefined) return undefined;
  const clock = systemClock;
  const client = new OidcClient({ issuer, clientId, clientSecret, clock });
  const service = new SingleSignOn({ database, clock, client, domains: oidcDomains ?? [], role: oidcRole });
  return { service, name: new URL(issuer).host };
}

import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createAdminServer, OfferedSignOn, type ChangeFeed, type InferenceFacts } from '#admin';
import { OidcClient, SingleSignOn, type AccountCredentials } from '#auth';
import { requiresTokens, type ExplainedSetting, type Settings } from '#config';
import { packageVersion, systemClock } from '#core';
import type { ModelAdministration } from '#serving';
import { nestLogger, type Log, type LogLevels, type TraceSearch } from '#telemetry';
import type { Access } from './access.js';
import type { Pods } from './pods/pods.js';
import { catalogueModels } from './models/model-files.js';
import { inferenceTarget } from './network/inference-target.js';
import { listen, localAddress, type Binding } from './network/listen.js';
import type { TlsFiles } from './tls/tls-files.js';
import { tlsServerFactory } from './tls/tls-server-factory.js';
import type { Traces } from './traces.js';

/** What the admin API is made of. */
export interface AdministrationParts {
  readonly settings: Settings;
  readonly access: Access;
  readonly tls: TlsFiles | undefined;
  readonly log: Log;
  readonly models: ModelAdministration;
  readonly logLevels: LogLevels;
  /** The settings as people may see them. */
  readonly explained: readonly ExplainedSetting[];
  readonly traces: TraceSearch;
  readonly inputs: Traces['inputs'];
  readonly pods: Pods;
  readonly changes: ChangeFeed;
  /** The one port of this process, where it serves requests itself. */
  readonly inferencePort: number | undefined;
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
    const { settings, access, tls, log, models, logLevels, traces, explained, pods, changes, inferencePort } = parts;
    const { adminUrl: publicUrl, trustedProxies } = settings;
    const { database, verifier, uses, usage, accounts } = access;
    const signOn = signOnOf(settings, access);
    const app = await createAdminServer({
      services: {
        ...{ database, clock: systemClock, verifier, uses, usage, models, logLevels, traces, signOn, ...accounts },
        catalogue: catalogueModels(settings),
        settings: explained,
        inputs: parts.inputs,
        inference: inferenceFacts(settings, parts.inferencePort),
        ...{ pods: pods.directory, podCommands: pods.commands, changes },
        inferenceTarget: () => inferenceTarget(settings, tls, inferencePort),
      },
      ...(tls ? { serverFactory: tlsServerFactory(tls) } : {}),
      secureCookies: tls !== undefined || publicUrl?.startsWith('https:') === true,
      ...(publicUrl === undefined ? {} : { publicUrl }),
      ...(trustedProxies === undefined ? {} : { trustedProxies }),
      version: packageVersion(),
      logger: nestLogger(log),
    });
    await listen(app, binding);
    return new Administration(app, settings, accounts.credentials);
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

/** A process that serves nothing itself cannot know what the others ask of their callers. */
function inferenceFacts(settings: Settings, port: number | undefined): InferenceFacts {
  const { publicUrl: url, host, tlsCert } = settings;
  if (port === undefined) return { url };
  return { url, listening: { host, port, tls: tlsCert !== undefined }, tokensRequired: requiresTokens(settings) };
}

/** Single sign-on where the operator has set it up. */
function signOnOf(settings: Settings, { database }: Access): OfferedSignOn | undefined {
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
  return new OfferedSignOn(service, new URL(issuer).host);
}

import { availableParallelism, hostname, userInfo } from 'node:os';
import { exportAudit, verifyAudit, type Actor, type AuditHead, type AuditSpan, type AuditVerdict } from '#audit';
import {
  createAccountServices,
  PERMISSIONS,
  type Account,
  type AccountServices,
  type IssuedToken,
  type OneTimeLink,
  type TokenRecord,
  type TokenSpec,
} from '#auth';
import { DomainError, type LogLevel, systemClock as clock } from '#core';
import { Database, databaseStatus } from '#database';
import { sumUsage } from '#metering';
import type { ChangeMade, ModelAdministration } from '#serving';
import type { LogLevelChange, LogLevelStore, TraceOrigin, TraceRecord, TraceSearch } from '#telemetry';
import type {
  AccessBackend,
  FoundTraces,
  Identity,
  Link,
  ModelsAsked,
  ModelsChanged,
  ModelsPlan,
  NewToken,
  TokenUse,
  TracedRequest,
  TracesAsked,
  TraceSummary,
  UsageAsked,
} from './access-backend.js';
import { adminAddress, databaseOptions, type HostSettings } from './host-settings.js';

/** Works on the database itself: whoever can read its file or knows its URL owns the service anyway. */
export class LocalBackend implements AccessBackend {
  private readonly services: AccountServices;
  private readonly actor = hostActor();

  private constructor(
    private readonly database: Database,
    private readonly settings: HostSettings,
  ) {
    this.services = createAccountServices({ database, clock });
  }

  /**
   * Opens the database of the settings; creates and migrates it where needed, as the service does.
   *
   * @param onNew called with the place of a database that is created: in the wrong folder nobody expects a new one
   */
  static async open(settings: HostSettings, onNew: (where: string) => void = () => {}): Promise<LocalBackend> {
    const options = databaseOptions(settings);
    const { exists, where } = await databaseStatus(options);
    if (!exists) onNew(where);
    return new LocalBackend(await Database.open(options), settings);
  }

  whoAmI(): Promise<Identity> {
    const { name } = this.actor;
    return Promise.resolve({ where: 'this host', name, role: 'owner', permissions: PERMISSIONS });
  }

  createToken(spec: NewToken): Promise<IssuedToken> {
    return this.services.tokens.create(this.actor, spec);
  }

  listTokens(options: { readonly includeEnded: boolean }): Promise<TokenRecord[]> {
    return this.services.tokens.list(options);
  }

  updateToken(id: string, spec: Partial<TokenSpec>): Promise<TokenRecord> {
    return this.services.tokens.update(this.actor, id, spec);
  }

  rotateToken(id: string, graceMs: number): Promise<IssuedToken> {
    return this.services.tokens.rotate(this.actor, id, { graceMs });
  }

  revokeToken(id: string): Promise<TokenRecord> {
    return this.services.tokens.revoke(this.actor, id);
  }

  restoreToken(id: string): Promise<TokenRecord> {
    return this.services.tokens.restore(this.actor, id);
  }

  endGrace(id: string): Promise<TokenRecord> {
    return this.services.tokens.endGrace(this.actor, id);
  }

  listAccounts(): Promise<Account[]> {
    return this.services.accounts.list();
  }

  async invite(person: Parameters<AccessBackend['invite']>[0]): Promise<{ account: Account; link: Link }> {
    const { account, link } = await this.services.accounts.invite(this.actor, person);
    return { account, link: this.linkOf(link) };
  }

  async resetLink(accountId: string): Promise<Link> {
    return this.linkOf(await this.services.accounts.resetLink(this.actor, accountId));
  }

  async logLevel(): Promise<LogLevelChange | undefined> {
    return (await this.logLevels()).current();
  }

  async setLogLevel(level: LogLevel, seconds: number): Promise<void> {
    await (await this.logLevels()).set(this.actor, level, seconds);
  }

  async resetLogLevel(): Promise<void> {
    await (await this.logLevels()).reset(this.actor);
  }

  async planModels({ models, basedOn }: ModelsAsked): Promise<ModelsPlan> {
    return this.onModels(async (administration) => {
      const { steps, warnings } = await administration.plan(models, basedOn);
      return { steps: steps.map(({ text }) => text), warnings };
    });
  }

  async applyModels({ models, note = '', basedOn }: ModelsAsked): Promise<ModelsChanged> {
    const change = { models, note, ...(basedOn === undefined ? {} : { basedOn }) };
    return this.onModels(async (administration) => changedBy(await administration.apply(this.actor, change)));
  }

  async rollBackModels(version: number): Promise<ModelsChanged> {
    return this.onModels(async (administration) => changedBy(await administration.rollback(this.actor, { version })));
  }

  async compareModels(from: number, to: number): Promise<readonly string[]> {
    return this.onModels(async (administration) =>
      (await administration.compare(from, to)).differences.map(({ text }) => text),
    );
  }

  async usage({ tokenId, ...asked }: UsageAsked): Promise<TokenUse[]> {
    const query = { ...asked, ...(tokenId === undefined ? {} : { principalIds: [tokenId] }) };
    const [rows, names] = await Promise.all([sumUsage(this.database, query), this.tokenNames()]);
    return rows.map(({ principalId, ...row }) => ({
      ...row,
      tokenId: principalId,
      tokenName: names.get(principalId) ?? null,
    }));
  }

  async traces({ tokenId, toMs, ...asked }: TracesAsked): Promise<FoundTraces<TraceSummary>> {
    const search = await this.traceSearch();
    const { found, sources } = await search.search({
      ...asked,
      ...(tokenId === undefined ? {} : { principalIds: [tokenId] }),
      ...(toMs === undefined ? {} : { toMs: toMs + 1 }),
    });
    const names = await this.tokenNames();
    return { traces: found.traces.map((trace) => requestOf(trace, names)), notAsked: reasonsOf(sources) };
  }

  async trace(id: string): Promise<FoundTraces<TracedRequest>> {
    const search = await this.traceSearch();
    const { found, sources } = await search.byId(id);
    const notAsked = reasonsOf(sources);
    if (found.length === 0)
      throw new DomainError('not_found', ['There is no request with this id.', ...notAsked].join(' '));
    const names = await this.tokenNames();
    const traces = found.map(({ spans, ...trace }) => ({
      ...requestOf(trace, names),
      spans: spans.map((span) => ({
        ...span,
        parentSpanId: span.parentSpanId ?? null,
        error: span.error ?? null,
      })),
    }));
    return { traces, notAsked };
  }

  verifyAudit(expectedHead?: AuditHead): Promise<AuditVerdict> {
    return verifyAudit(this.database, { expectedHead });
  }

  exportAudit(span: AuditSpan): AsyncIterable<string> {
    return exportAudit(this.database, span);
  }

  /** Makes the link to the page for the first account and ends older ones; undefined once there is an account. */
  async setupLink(): Promise<Link | undefined> {
    const link = await this.services.credentials.setupLink(this.actor);
    return link && this.linkOf(link);
  }

  close(): Promise<void> {
    return this.database.close();
  }

  /** Telemetry is loaded by the commands that need it only: it is large. */
  private async traceSearch(): Promise<TraceSearch> {
    const { KeptTraces, TraceSearch } = await import('#telemetry');
    const database = this.settings.traceRetentionHours > 0 ? new KeptTraces(this.database) : 'off';
    return new TraceSearch({ pod: hostname(), memory: 'no_inference', database });
  }

  /** As an admin app alone: it plans from the version in force, and asks no hub. */
  private async onModels<T>(work: (administration: ModelAdministration) => Promise<T>): Promise<T> {
    const [{ DesiredModelStore, ModelAdministration }, { createModelStore, findInCatalogue }] = await Promise.all([
      import('#serving'),
      import('#models'),
    ]);
    const { batchItemsMax, replicaRssBytesMax: rssBytesMax } = this.settings;
    const names = createModelStore(this.settings);
    try {
      return await work(
        new ModelAdministration({
          ...{ store: new DesiredModelStore({ database: this.database, clock }), names, local: undefined },
          defaults: { cores: availableParallelism(), batchItemsMax, rssBytesMax },
          facts: (name) => {
            const entry = findInCatalogue(name)?.entry;
            return Promise.resolve(entry && { ...entry, contextLength: entry.contextLength ?? null });
          },
        }),
      );
    } finally {
      await names.close();
    }
  }

  private async logLevels(): Promise<LogLevelStore> {
    const { LogLevelStore } = await import('#telemetry');
    return new LogLevelStore({ database: this.database, clock });
  }

  private async tokenNames(): Promise<ReadonlyMap<string, string>> {
    const tokens = await this.services.tokens.list({ includeEnded: true });
    return new Map(tokens.map(({ id, name }) => [id, name]));
  }

  /** The page of a link. The secret is in the fragment, which browsers send to nobody. */
  private linkOf({ purpose, secret, expiresAtMs }: OneTimeLink): Link {
    return { url: `${adminAddress(this.settings)}/${purpose}#${secret}`, expiresAtMs };
  }
}

function changedBy({ state: { version }, undoVersion, stops }: ChangeMade): ModelsChanged {
  return { version, undoVersion, stops };
}

function reasonsOf(sources: readonly TraceOrigin[]): string[] {
  return sources.flatMap(({ reason }) => reason ?? []);
}

type Kept = Omit<TraceRecord, 'spans' | 'batchIds'>;

function requestOf({ principalId: tokenId, model, ...trace }: Kept, names: ReadonlyMap<string, string>): TraceSummary {
  return { ...trace, model: model ?? null, tokenId, tokenName: names.get(tokenId) ?? null };
}

/** A user of this machine, as the audit trail names it. */
function hostActor(): Actor {
  const user = userName();
  return { kind: 'host', id: user, name: `${user}@${hostname()}`, from: null };
}

/** The user's name; its number where the machine lists no name (a container that runs under a bare number). */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

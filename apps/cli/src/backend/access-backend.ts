import type { AuditHead, AuditSpan, AuditVerdict } from '#audit';
import type { Account, IssuedToken, TokenRecord, TokenSpec } from '#auth';
import type { LogLevel } from '#core';
import type { AccountRole } from '#database';
import type { Usage, UsageQuery } from '#metering';
import type { DesiredModel } from '#inference';
import type { LogLevelChange } from '#telemetry';

/** What a new token should be; null days = it never expires. */
export type NewToken = TokenSpec & { readonly expiresInDays: number | null };

/** The address of a page that works once, to send to a person. It holds a secret. */
export interface Link {
  readonly url: string;
  readonly expiresAtMs: number;
}

/** Who acts, and with which rights. */
export interface Identity {
  /** The address of the admin API; `this host` where the database is used directly. */
  readonly where: string;
  readonly name: string;
  readonly role: AccountRole;
  readonly permissions: readonly string[];
}

/** Which part of the usage to read, from `fromMs` to before `toMs`. */
export interface UsageAsked extends Pick<UsageQuery, 'fromMs' | 'toMs' | 'by' | 'model'> {
  readonly tokenId?: string;
}

/** What one token used of one model in the hour or day that begins at `startMs`, or in the whole span. */
export interface TokenUse extends Usage {
  readonly startMs: number;
  /** `anonymous` for callers without a token. */
  readonly tokenId: string;
  /** Null for `anonymous`. */
  readonly tokenName: string | null;
  readonly model: string;
}

/** Which requests to show; what is undefined does not narrow. */
export interface TracesAsked {
  readonly model: string | undefined;
  readonly operation: string | undefined;
  readonly protocol: string | undefined;
  readonly outcome: string | undefined;
  readonly tokenId: string | undefined;
  readonly slowerThanMs: number | undefined;
  readonly fromMs: number | undefined;
  /** Included. */
  readonly toMs: number | undefined;
  readonly limit: number;
}

/** A finished request. */
export interface TraceSummary {
  readonly traceId: string;
  readonly requestId: string;
  readonly pod: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly protocol: string;
  readonly operation: string;
  readonly model: string | null;
  readonly outcome: string;
  /** `anonymous` for callers without a token. */
  readonly tokenId: string;
  readonly tokenName: string | null;
  readonly items: number;
  /** Why its trace was kept. */
  readonly kept: string;
}

/** A part of a request's work. */
export interface TracedSpan {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly links: readonly { readonly traceId: string }[];
  readonly error: string | null;
}

/** A finished request with all that is known of it. */
export interface TracedRequest extends TraceSummary {
  readonly spans: readonly TracedSpan[];
}

/** What was found, and in words what could not be asked. */
export interface FoundTraces<Trace> {
  readonly traces: readonly Trace[];
  readonly notAsked: readonly string[];
}

/** The models that should be served; `basedOn` refuses it unless that version is in force. */
export interface ModelsAsked {
  readonly models: readonly DesiredModel[];
  readonly note?: string | undefined;
  readonly basedOn?: number | undefined;
}

/** What a change of the models would do, in sentences. */
export interface ModelsPlan {
  readonly steps: readonly string[];
  /** What to know before it is applied. */
  readonly warnings: readonly string[];
}

/** A change of the models that was made. */
export interface ModelsChanged {
  readonly version: number;
  /** The version to roll back to in order to undo it; null for the first. */
  readonly undoVersion: number | null;
  /** What it ends, in sentences. */
  readonly stops: readonly string[];
}

/**
 * What the commands do, either on the host through its database or through an admin API. Both check the same rules and
 * fail with the same DomainErrors; `unavailable` = the server or the database cannot be reached.
 */
export interface AccessBackend {
  whoAmI(): Promise<Identity>;

  createToken(spec: NewToken): Promise<IssuedToken>;
  /** The newest first. */
  listTokens(options: { readonly includeEnded: boolean }): Promise<TokenRecord[]>;
  /** Changes what is given and leaves the rest; limits are replaced as a whole. */
  updateToken(id: string, spec: Partial<TokenSpec>): Promise<TokenRecord>;
  rotateToken(id: string, graceMs: number): Promise<IssuedToken>;
  revokeToken(id: string): Promise<TokenRecord>;
  /** Takes a revocation of the last 10 minutes back. @throws DomainError `conflict` when it is too late */
  restoreToken(id: string): Promise<TokenRecord>;
  /** Ends the old secret of a rotation now; without one nothing changes. @throws DomainError `conflict` */
  endGrace(id: string): Promise<TokenRecord>;

  listAccounts(): Promise<Account[]>;
  invite(person: {
    readonly email: string;
    readonly name: string;
    readonly role: AccountRole;
  }): Promise<{ account: Account; link: Link }>;
  resetLink(accountId: string): Promise<Link>;

  /** The last 10 seconds may be missing. The oldest first. */
  usage(asked: UsageAsked): Promise<TokenUse[]>;

  /** Finished requests, the newest first. On the host only what is kept in the database. */
  traces(asked: TracesAsked): Promise<FoundTraces<TraceSummary>>;
  /**
   * The requests under a trace id or a request id.
   *
   * @throws DomainError `not_found`
   */
  trace(id: string): Promise<FoundTraces<TracedRequest>>;

  /** The steps that `applyModels` would take; nothing is changed. */
  planModels(asked: ModelsAsked): Promise<ModelsPlan>;
  applyModels(asked: ModelsAsked): Promise<ModelsChanged>;
  /** Asks again for the models of an older version. @throws DomainError `not_found` */
  rollBackModels(version: number): Promise<ModelsChanged>;
  /** What version `to` asks for that `from` did not, in sentences. @throws DomainError `not_found` */
  compareModels(from: number, to: number): Promise<readonly string[]>;

  /** What is in force for a while; undefined = every process logs as its settings say. */
  logLevel(): Promise<LogLevelChange | undefined>;
  /** Puts `level` in force in every process for `seconds`. */
  setLogLevel(level: LogLevel, seconds: number): Promise<void>;
  resetLogLevel(): Promise<void>;

  /** @param expectedHead an event that must be in the trail, unchanged */
  verifyAudit(expectedHead?: AuditHead): Promise<AuditVerdict>;
  /** JSON Lines, the oldest event first, in pieces of any size. */
  exportAudit(span: AuditSpan): AsyncIterable<string>;

  close(): Promise<void>;
}

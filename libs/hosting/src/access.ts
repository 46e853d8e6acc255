import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { recordSettings } from '#audit';
import { createAccountServices, TokenAuthenticator, TokenVerifier, TokenUses, type AccountServices } from '#auth';
import { redactedSettings, requiresTokens, type Settings } from '#config';
import { NO_MODEL, reasonOf, systemClock, type UsageLimits } from '#core';
import { Database } from '#database';
import { Admission, MinuteRecorder, UsageRecorder } from '#metering';
import type { AccessPorts, GuardPort } from '#protocol';
import type { Log } from '#telemetry';

/** Everything that rests on the database: who may call, how much, and what is written down of it. */
export class Access {
  readonly accounts: AccountServices;
  readonly verifier: TokenVerifier;
  readonly authenticator: TokenAuthenticator;
  readonly uses: TokenUses;
  readonly usage: UsageRecorder;
  /** What this process does by the minute. */
  readonly minutes: MinuteRecorder;
  readonly admission: Admission;

  private constructor(
    readonly database: Database,
    settings: Settings,
    log: Log,
  ) {
    const clock = systemClock;
    const { authOutageMsMax: outageMsMax } = settings;
    this.accounts = createAccountServices({ database, clock });
    this.verifier = new TokenVerifier({
      database,
      clock,
      outageMsMax,
      onOutage: (err) => log.error({ reason: reasonOf(err), outageMsMax }, 'the database cannot be reached'),
      onRecovery: () => log.info('the database can be reached again'),
    });
    this.authenticator = new TokenAuthenticator({ verifier: this.verifier, required: requiresTokens(settings) });
    this.uses = new TokenUses({ database, clock });
    this.usage = new UsageRecorder({ database, clock });
    this.minutes = new MinuteRecorder({ database, clock });
    const holder = `${hostname().slice(0, 24)}-${randomUUID().slice(0, 8)}`;
    this.admission = new Admission({
      database,
      clock,
      total: totalLimits(settings),
      holder,
      onOutage: (err) => log.warn({ reason: reasonOf(err) }, 'limits are held by each process alone for now'),
      onRecovery: () => log.info('limits are shared again'),
    });
  }

  /**
   * Opens the database, brings its schema up to date, reads the tokens, and writes down which settings are in force
   * when they differ from last time. Rejects when the database cannot be opened.
   */
  static async open(settings: Settings, log: Log): Promise<Access> {
    const { databaseUrl: url, dataDir } = settings;
    const database = await Database.open({ dataDir, ...(url === undefined ? {} : { url }) });
    const access = new Access(database, settings, log);
    const system = { kind: 'system', id: 'service', name: 'CLIP-as-service', from: null } as const;
    await recordSettings(database, system, redactedSettings(settings), systemClock.wallMs());
    await access.verifier.start();
    access.uses.start();
    access.usage.start();
    access.minutes.start();
    access.admission.start();
    return access;
  }

  /** What the inference API needs to authenticate its callers. */
  guardPort(onRefused: GuardPort['onRefused']): GuardPort {
    return {
      onRefused,
      required: this.authenticator.required,
      authenticate: (credentials) => this.authenticator.authenticate(credentials),
      missing: () => TokenAuthenticator.missing(),
      onDenied: (principalId, protocol) => {
        const counts = { requests: 0, items: 0, refused: 0, denied: 1 };
        this.usage.record({ principalId, model: NO_MODEL, protocol, outcome: 'permission_denied', ...counts });
      },
    };
  }

  /** What its authorizer needs. */
  get ports(): AccessPorts {
    return {
      recheck: (credential) => this.verifier.recheck(credential),
      admit: (request) => this.admission.admit(request),
      noteUse: (principalId, use) => this.uses.note(principalId, use),
      recordUsage: (use) => this.usage.record(use),
    };
  }

  /** Writes what is still in memory, gives leases back and closes the database. */
  async close(): Promise<void> {
    this.verifier.stop();
    await Promise.all([this.uses.stop(), this.usage.stop(), this.minutes.stop(), this.admission.stop()]);
    await this.database.close();
  }
}

function totalLimits(settings: Settings): UsageLimits {
  const { limitRequestsPerMinute, limitItemsPerDay, limitItemsInFlight } = settings;
  return {
    ...(limitRequestsPerMinute === undefined ? {} : { requestsPerMinute: limitRequestsPerMinute }),
    ...(limitItemsPerDay === undefined ? {} : { itemsPerDay: limitItemsPerDay }),
    ...(limitItemsInFlight === undefined ? {} : { itemsInFlight: limitItemsInFlight }),
  };
}

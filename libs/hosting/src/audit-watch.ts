import { verifyAudit, type AuditHead } from '#audit';
import { every, type Clock, type Repetition } from '#core';
import type { Database } from '#database';
import type { Log } from '#telemetry';

/** How often what is new in the trail is checked. */
const CHECK_MS = 60 * 60 * 1000;
/** Every so many checks the whole trail is read, since changes of what was checked before show only then. */
const CHECKS_PER_WHOLE = 24;

/** What AuditWatch works with. */
export interface AuditWatchParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Pick<Log, 'error'>;
}

/**
 * Checks the audit trail in the background: all of it at first and once a day, what is new every hour. A check that
 * cannot reach the database changes nothing; the next one tries again.
 */
export class AuditWatch {
  /** What the last check found; undefined before the first. */
  isIntact: boolean | undefined;
  /** Up to where the trail was whole; undefined when it has to be read from its beginning. */
  private head: AuditHead | undefined;
  private checks = 0;
  private repetition: Repetition | undefined;

  constructor(private readonly parts: AuditWatchParts) {}

  /** Begins with a check at once. */
  start(): void {
    const first = this.check();
    this.repetition ??= every(this.parts.clock, CHECK_MS, () => first.then(() => this.check()));
  }

  /** Begins no more checks, and resolves when the one under way has ended. */
  async stop(): Promise<void> {
    await this.repetition?.stop();
  }

  private async check(): Promise<void> {
    const isWhole = this.checks % CHECKS_PER_WHOLE === 0;
    try {
      const verdict = await verifyAudit(this.parts.database, isWhole ? {} : { since: this.head });
      this.checks += 1;
      this.head = verdict.ok ? verdict.head : undefined;
      if (!verdict.ok && this.isIntact !== false) this.report(verdict);
      this.isIntact = verdict.ok;
    } catch {
      // A database that is away is the tokens' to report.
    }
  }

  private report({ seq, reason }: { readonly seq: number; readonly reason: string }): void {
    this.parts.log.error({ seq, reason }, 'the audit trail is broken: look at it with "cas audit verify"');
  }
}

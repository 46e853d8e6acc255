import { randomUUID } from 'node:crypto';
import { LessThan } from 'typeorm';
import { type Clock, every, type Repetition, withDeadline } from '#core';
import { type Database, nextChange, PodEntity } from '#database';
import { freePodName, POD_COUNTER } from './pod-name.js';
import { reportText, type PodReport, type ReportPart } from './pod-report.js';

const REPORT_EVERY_MS = 2_000;
/** What is not known after this is left out of a report, and the report is not late. */
const PART_MS_MAX = 1_000;
/** The end of a process does not wait longer for the database. */
const STOP_MS_MAX = 1_000;
/** A pod that ended without a word is listed for so long. */
const SILENT_KEPT_MS = 3_600_000;
const FORGET_EVERY_MS = 60_000;

/** Who reports. */
export interface PodReporterParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  /** `inference`, `admin`. */
  readonly roles: readonly string[];
  /** Whether a process of this machine lives; default asks the system. */
  readonly isAlive?: (pid: number) => boolean;
}

/** Where the content of a part comes from; undefined where there is none now. */
export type PartSource<Part extends ReportPart> = () => PodReport[Part] | undefined | Promise<PodReport[Part]>;

/**
 * Writes every two seconds what this process says of itself, so that an admin API anywhere can show it. Nothing waits
 * for it, and a database that is away is tried again with the next report. The row goes when the process stops in
 * order; one that is killed leaves it, and is seen to be silent.
 */
export class PodReporter {
  private readonly instance = randomUUID();
  private readonly startedAtMs: number;
  private readonly sources = new Map<ReportPart, PartSource<ReportPart>>();
  private claimed: string;
  private reports: Repetition | undefined;
  private forgotAtMs = -Infinity;

  private constructor(private readonly parts: PodReporterParts) {
    this.startedAtMs = parts.clock.wallMs();
    this.claimed = parts.host;
  }

  /** Takes a name, and reports for the first time, that there is such a pod. @throws DomainError `unavailable` */
  static async open(parts: PodReporterParts): Promise<PodReporter> {
    const reporter = new PodReporter(parts);
    await reporter.claim(reportText({}));
    return reporter;
  }

  /** The name by which this process is known; it changes only when another process took it while this one hung. */
  get name(): string {
    return this.claimed;
  }

  /** Adds a part to the reports, or gives it another source. */
  tell<Part extends ReportPart>(part: Part, source: PartSource<Part>): void {
    this.sources.set(part, source);
  }

  /** Reports again and again until `stop`. */
  start(): void {
    this.reports ??= every(this.parts.clock, REPORT_EVERY_MS, () => this.report());
  }

  /** Resolves when the report under way has ended. */
  async settled(): Promise<void> {
    await this.reports?.settled();
  }

  /** Reports now. @throws DomainError `unavailable` while the database cannot be reached */
  async report(): Promise<void> {
    const { database, clock } = this.parts;
    const report = reportText(await this.compose());
    const isWritten = await database.transaction(async (manager) => {
      const row = { report, reportedAtMs: clock.wallMs() };
      const { affected } = await manager.update(PodEntity, { name: this.claimed, instance: this.instance }, row);
      return affected === 1;
    });
    if (!isWritten) await this.claim(report);
    await this.forgetSilent();
  }

  /** Ends the reports and takes the row away, if the database is quick. Never rejects. */
  async stop(): Promise<void> {
    await withDeadline(this.parts.clock, STOP_MS_MAX, this.remove(), () => undefined);
  }

  private async remove(): Promise<void> {
    await this.reports?.stop();
    const mine = { name: this.claimed, instance: this.instance };
    await this.parts.database
      .transaction(async (manager) => {
        await nextChange(manager, POD_COUNTER);
        await manager.delete(PodEntity, mine);
      })
      .catch(() => undefined);
  }

  /** Writes the whole row, under a name that is free. */
  private async claim(report: string): Promise<void> {
    const { database, clock, host, pid, version, roles, isAlive = isProcessAlive } = this.parts;
    const { instance, startedAtMs } = this;
    this.claimed = await database.transaction(async (manager) => {
      const nowMs = clock.wallMs();
      const name = await freePodName(manager, { host, instance, pid, nowMs, isAlive });
      const row = { name, instance, host, pid, version: version.slice(0, VERSION_CHARS_MAX), roles: roles.join(',') };
      await manager.upsert(PodEntity, { ...row, startedAtMs, reportedAtMs: nowMs, report }, ['name']);
      return name;
    });
  }

  private async compose(): Promise<PodReport> {
    const { clock } = this.parts;
    const told = await Promise.all(
      [...this.sources].map(async ([part, source]) => {
        // A source that fails costs its part, not the report.
        const content = withDeadline(clock, PART_MS_MAX, Promise.resolve().then(source), () => undefined);
        return [part, await content.catch(() => undefined)] as const;
      }),
    );
    return Object.fromEntries(told);
  }

  private async forgetSilent(): Promise<void> {
    const { database, clock } = this.parts;
    if (clock.now() - this.forgotAtMs < FORGET_EVERY_MS) return;
    this.forgotAtMs = clock.now();
    const silent = { reportedAtMs: LessThan(clock.wallMs() - SILENT_KEPT_MS) };
    await database.transaction((manager) => manager.delete(PodEntity, silent));
  }
}

const VERSION_CHARS_MAX = 40;

function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (err) {
    // Another user's process lives, too.
    return err instanceof Error && 'code' in err && err.code === 'EPERM';
  }
}

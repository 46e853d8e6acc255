import { type Clock, DomainError } from '#core';
import { type Database, PodEntity } from '#database';
import { ANSWERS_MS_MAX } from '../report/pod-name.js';
import { readReport, type PodReport } from '../report/pod-report.js';

/** The most pods that are listed: those that have started last. */
const PODS_MAX = 200;

/** A process of the service, as it has last described itself. */
export interface PodView {
  readonly name: string;
  /** The name of its host; several pods may share one. */
  readonly host: string;
  readonly version: string;
  /** `inference`, `admin`. */
  readonly roles: readonly string[];
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  /** When it wrote the report, in milliseconds since 1970. */
  readonly reportedAtMs: number;
  /** Whether its last report is at most ten seconds old. */
  readonly answers: boolean;
  /** Why it does not answer, in words; null while it does. */
  readonly reason: string | null;
  readonly report: PodReport;
  /** Parts that were too large for its report. */
  readonly leftOut: readonly string[];
}

/** The pods on the database: every process that reports, or did so within the last hour and has not ended in order. */
export class PodDirectory {
  constructor(private readonly parts: { readonly database: Pick<Database, 'read'>; readonly clock: Clock }) {}

  /** All of them, by their names. @throws DomainError `unavailable` */
  async list(): Promise<PodView[]> {
    const rows = await this.parts.database.read((manager) =>
      manager.find(PodEntity, { order: { startedAtMs: 'DESC' }, take: PODS_MAX }),
    );
    return rows.map((row) => this.viewOf(row)).sort((a, b) => byName.compare(a.name, b.name));
  }

  /** @throws DomainError `not_found`, `unavailable` */
  async get(name: string): Promise<PodView> {
    const row = await this.parts.database.read((manager) => manager.findOneBy(PodEntity, { name }));
    if (!row) throw new DomainError('not_found', 'There is no such pod. It has ended, or never was; list the pods.');
    return this.viewOf(row);
  }

  private viewOf({ name, host, version, roles, startedAtMs, reportedAtMs, report }: PodEntity): PodView {
    const silentMs = this.parts.clock.wallMs() - reportedAtMs;
    const answers = silentMs <= ANSWERS_MS_MAX;
    const reason = answers ? null : `${SILENT} since ${new Date(reportedAtMs).toISOString()}. ${CAUSES}`;
    const identity = { name, host, version, roles: roles.split(',').filter((role) => role !== '') };
    return { ...identity, startedAtMs, reportedAtMs, answers, reason, ...readReport(report) };
  }
}

const byName = new Intl.Collator('en', { numeric: true });
const SILENT = 'It has not reported';
const CAUSES = 'It was killed, hangs, or cannot reach the database.';

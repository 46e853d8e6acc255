import { type Clock, every, type Repetition } from '#core';
import type { Database } from '#database';
import {
  added,
  DAY_MS,
  HOUR_MS,
  startOf,
  type UsageEvent,
  type UsagePart,
  type UsageQuery,
  type UsageRow,
  type UsageSum,
} from './usage.js';
import { type HourOfUsage, UsageStore } from './usage-store.js';
import { sumUsage, sumUsageBy } from './usage-sums.js';
import { type DayOfUsage, type DaysQuery, sumDays } from './usage-days.js';
import { findOftenTurnedAway, type OftenQuery } from './often-turned-away.js';

const FLUSH_MS = 10_000;
const KEEP_HOURS_MS = 90 * DAY_MS;
const KEEP_DAYS_MS = 5 * 365 * DAY_MS;
/**
 * Most entries (principals × models × protocols × ends × hours) that wait in memory. A long outage loses new ones
 * beyond that.
 */
const WAITING_MAX = 50_000;
/** Rows of one transaction. On SQLite, requests that ask for a part of a limit wait for it. */
const ROWS_PER_WRITE = 500;

/**
 * Counts use per principal, model, protocol, end and hour (UTC): in memory at once, in the database every 10 seconds.
 */
export class UsageRecorder {
  private waiting = new Map<string, HourOfUsage>();
  private readonly database: Database;
  private readonly store: UsageStore;
  private readonly clock: Clock;
  private regularWork: Repetition | undefined;
  private rolledUpAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: { database: Database; clock: Clock }) {
    this.database = options.database;
    this.store = new UsageStore(options.database);
    this.clock = options.clock;
  }

  /** Counts without waiting for anything. */
  record({ denied = 0, ...use }: Omit<UsageEvent, 'denied'> & Partial<Pick<UsageEvent, 'denied'>>): void {
    this.addWaiting({ ...use, denied, hourStartMs: startOf(this.clock.wallMs(), HOUR_MS) });
  }

  /** Begins to write every 10 seconds, and to roll up once a day. */
  start(): void {
    this.regularWork ??= every(this.clock, FLUSH_MS, () => this.tick());
  }

  /** Writes what is in memory, if the database can be reached, and ends. */
  async stop(): Promise<void> {
    await this.regularWork?.stop();
    await this.flush().catch(() => undefined);
  }

  /**
   * Writes what is in memory.
   *
   * @throws DomainError `unavailable` while the database cannot be reached; counts that it has not got stay in memory
   */
  async flush(): Promise<void> {
    const rows = [...this.waiting.values()];
    this.waiting = new Map();
    for (let at = 0; at < rows.length; at += ROWS_PER_WRITE) {
      try {
        await this.store.add(rows.slice(at, at + ROWS_PER_WRITE));
      } catch (err) {
        for (const row of rows.slice(at)) this.addWaiting(row);
        throw err;
      }
    }
  }

  /** Sums hours older than 90 days up into their days and removes them, and days older than 5 years. */
  async rollUp(): Promise<void> {
    const nowMs = this.clock.wallMs();
    const beforeMs = startOf(nowMs - KEEP_HOURS_MS, DAY_MS);
    while ((await this.store.rollUpSome(beforeMs)) > 0);
    await this.store.forgetDays(nowMs - KEEP_DAYS_MS);
  }

  /**
   * Sums of what all processes have written, by begin, principal and model; the last 10 seconds may be missing.
   *
   * @throws DomainError `invalid_argument` for an answer of more than 20,000 rows
   */
  query(query: UsageQuery): Promise<UsageRow[]> {
    return sumUsage(this.database, query);
  }

  /** The days of some principals, oldest first, whatever the model; see `sumDays`. */
  days(query: DaysQuery): Promise<ReadonlyMap<string, readonly DayOfUsage[]>> {
    return sumDays(this.database, query);
  }

  /** The principals that are often turned away; see `findOftenTurnedAway`. */
  oftenTurnedAway(query: OftenQuery): Promise<string[]> {
    return findOftenTurnedAway(this.database, query);
  }

  /**
   * As `query`, told apart by `parts` alone: by protocol, by how requests ended, or by nothing but time.
   *
   * @throws DomainError `invalid_argument` for an answer of more than 20,000 rows
   */
  queryBy(query: UsageQuery, parts: readonly UsagePart[]): Promise<UsageSum[]> {
    return sumUsageBy(this.database, query, parts);
  }

  /** A failed write is tried again after the next 10 seconds. */
  private async tick(): Promise<void> {
    await this.flush();
    if (this.clock.now() - this.rolledUpAtMs < DAY_MS) return;
    await this.rollUp();
    this.rolledUpAtMs = this.clock.now();
  }

  private addWaiting(row: HourOfUsage): void {
    const key = JSON.stringify([row.principalId, row.model, row.protocol, row.outcome, row.hourStartMs]);
    const before = this.waiting.get(key);
    if (before === undefined && this.waiting.size >= WAITING_MAX) return;
    this.waiting.set(key, added(row, before));
  }
}

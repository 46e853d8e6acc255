import { USAGE_LIMIT_NAMES, type Clock, type UsageLimitName, type UsageLimits } from '#core';
import type { Database } from '#database';
import { TOTAL, WINDOWS_MS } from './subject.js';

/** Whose limits are asked for. */
export interface LimitedSubject {
  readonly id: string;
  readonly limits: UsageLimits;
}

/** How one limit stands over all processes. */
export interface LimitStanding {
  readonly name: UsageLimitName;
  readonly limit: number;
  /**
   * What processes have taken of it. They take it in parts, so a little of this may not be spent yet: use never
   * exceeds it.
   */
  readonly taken: number;
  readonly remaining: number;
  /** When the whole limit is there again, in milliseconds since 1970; null for what is in flight. */
  readonly resetsAtMs: number | null;
}

/** The id under which the limits of the whole service are asked for. */
export const SERVICE_SUBJECT = TOTAL;

/** Subjects of one question at most. */
const SUBJECTS_MAX = 2_000;

/**
 * Reads how the limits stand in the rows by which processes share them. It takes nothing and locks nothing.
 *
 * @param subjects at most SUBJECTS_MAX; more are left out
 * @returns by id; a subject without limits has an empty list
 */
export async function limitStandings(
  database: Database,
  clock: Clock,
  subjects: readonly LimitedSubject[],
): Promise<ReadonlyMap<string, LimitStanding[]>> {
  const asked = subjects.slice(0, SUBJECTS_MAX);
  const nowMs = clock.wallMs();
  const taken = await takenOf(
    database,
    asked.map(({ id }) => id),
    nowMs,
  );
  return new Map(
    asked.map(({ id, limits }) => [
      id,
      USAGE_LIMIT_NAMES.flatMap((name) => {
        const limit = limits[name];
        return limit === undefined ? [] : [standingOf(name, limit, taken.get(keyOf(id, name)) ?? 0, nowMs)];
      }),
    ]),
  );
}

function standingOf(name: UsageLimitName, limit: number, taken: number, nowMs: number): LimitStanding {
  const windowMs = name === 'itemsInFlight' ? undefined : WINDOWS_MS[name];
  const resetsAtMs = windowMs === undefined ? null : startOf(nowMs, windowMs) + windowMs;
  return { name, limit, taken, remaining: Math.max(0, limit - taken), resetsAtMs };
}

async function takenOf(database: Database, ids: readonly string[], nowMs: number): Promise<Map<string, number>> {
  const isPostgres = database.dialect === 'postgres';
  // One value for all ids: SQLite takes no more than 32,766 in a statement.
  const isAsked = isPostgres ? '= ANY($1)' : 'IN (SELECT value FROM json_each(?))';
  const [second, third] = isPostgres ? ['$2', '$3'] : ['?', '?'];
  const list = isPostgres ? [...ids] : JSON.stringify(ids);
  const [minute, day] = [startOf(nowMs, WINDOWS_MS.requestsPerMinute), startOf(nowMs, WINDOWS_MS.itemsPerDay)];
  const windows = await database.read((manager) =>
    manager.query<StoredTaken[]>(
      `SELECT subject, limit_name, window_start_ms, granted AS taken FROM limit_window
       WHERE subject ${isAsked} AND window_start_ms IN (${second}, ${third})`,
      [list, minute, day],
    ),
  );
  const leases = await database.read((manager) =>
    manager.query<StoredTaken[]>(
      `SELECT subject, 'itemsInFlight' AS limit_name, 0 AS window_start_ms, SUM(amount) AS taken FROM limit_lease
       WHERE subject ${isAsked} AND expires_at_ms > ${second} GROUP BY subject`,
      [list, nowMs],
    ),
  );
  const starts: Readonly<Record<string, number>> = { requestsPerMinute: minute, itemsPerDay: day, itemsInFlight: 0 };
  const current = [...windows, ...leases].filter((row) => starts[row.limit_name] === Number(row.window_start_ms));
  return new Map(current.map((row) => [keyOf(row.subject, row.limit_name), Number(row.taken)]));
}

interface StoredTaken {
  readonly subject: string;
  readonly limit_name: string;
  readonly window_start_ms: number | string;
  readonly taken: number | string;
}

function keyOf(subject: string, name: string): string {
  return `${name} ${subject}`;
}

function startOf(ms: number, lengthMs: number): number {
  return Math.floor(ms / lengthMs) * lengthMs;
}

import type { Database } from '#database';
import { DAY_MS, startOf, type Usage } from './usage.js';
import { isOneOf } from './usage-sums.js';

/** What one principal did in one day (UTC), with all models together. */
export interface DayOfUsage extends Usage {
  /** Milliseconds since 1970. */
  readonly startMs: number;
}

/** Whose days are asked for. */
export interface DaysQuery {
  readonly principalIds: readonly string[];
  /** Any time of the last day. */
  readonly nowMs: number;
  /** How many days, the last one included; at most 31. */
  readonly days: number;
}

/**
 * Sums the last days of some principals up: for each as many days as asked for, oldest first, also those without any
 * use. One statement a day however many principals: SQLite holds up the whole process while it works.
 */
export async function sumDays(
  database: Database,
  { principalIds, nowMs, days }: DaysQuery,
): Promise<ReadonlyMap<string, readonly DayOfUsage[]>> {
  const sums = new Map<string, DayOfUsage[]>(principalIds.map((id) => [id, []]));
  const today = startOf(nowMs, DAY_MS);
  for (let ago = Math.min(days, DAYS_MAX) - 1; ago >= 0; ago -= 1) {
    const startMs = today - ago * DAY_MS;
    const used = principalIds.length === 0 ? new Map<string, Usage>() : await dayOf(database, principalIds, startMs);
    for (const [id, found] of sums) found.push({ startMs, ...(used.get(id) ?? NONE) });
  }
  return sums;
}

const DAYS_MAX = 31;
const NONE: Usage = { requests: 0, items: 0, refused: 0, denied: 0 };

async function dayOf(
  database: Database,
  principalIds: readonly string[],
  startMs: number,
): Promise<ReadonlyMap<string, Usage>> {
  const values: unknown[] = [];
  const value = (given: unknown): string =>
    database.dialect === 'postgres' ? `$${values.push(given)}` : (values.push(given), '?');
  // Hours of these days are not rolled up yet (UsageRecorder.rollUp).
  const sql = `SELECT principal_id, SUM(requests) AS requests, SUM(items) AS items, SUM(refused) AS refused,
    SUM(denied) AS denied FROM usage_hour WHERE principal_id ${isOneOf(database.dialect, principalIds, value)}
    AND hour_start_ms >= ${value(startMs)} AND hour_start_ms < ${value(startMs + DAY_MS)} GROUP BY principal_id`;
  const rows = await database.read((manager) => manager.query<StoredDay[]>(sql, values));
  return new Map(
    rows.map(({ principal_id: id, requests, items, refused, denied }) => [
      id,
      { requests: Number(requests), items: Number(items), refused: Number(refused), denied: Number(denied) },
    ]),
  );
}

/** PostgreSQL sums whole numbers up to a `numeric`, which comes as a text. */
type StoredDay = { principal_id: string } & Record<keyof Usage, number | string>;

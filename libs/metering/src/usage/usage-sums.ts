import { DomainError } from '#core';
import type { Database } from '#database';
import { added, DAY_MS, HOUR_MS, startOf, type UsageQuery, type UsageRow } from './usage.js';

/** Rows of one answer at most. */
const USAGE_ROWS_MAX = 20_000;

/**
 * Sums usage up by begin, principal and model. It asks SQLite day by day, since SQLite holds up the whole process while
 * it works: milliseconds for the day of some hundred tokens.
 *
 * @throws DomainError `invalid_argument` for an answer of more than USAGE_ROWS_MAX rows
 */
export async function sumUsage(database: Database, query: UsageQuery): Promise<UsageRow[]> {
  if (query.principalIds?.length === 0) return [];
  const sums = new Map<string, UsageRow>();
  for (const slice of slicesOf(query, database.dialect === 'sqlite' ? DAY_MS : Number.POSITIVE_INFINITY)) {
    for (const row of await sumsOf(database, { ...query, ...slice })) {
      const startMs = query.by === 'total' ? query.fromMs : row.startMs;
      const key = JSON.stringify([startMs, row.principalId, row.model]);
      sums.set(key, { ...added(row, sums.get(key)), startMs });
    }
    if (sums.size > USAGE_ROWS_MAX) throw tooManyRows();
  }
  return [...sums.values()].sort(byStartAndNames);
}

/** Cuts at the begins of days. Hours that move into their day meanwhile stay in their slice and are counted once. */
function* slicesOf({ fromMs, toMs }: UsageQuery, lengthMs: number): Generator<{ fromMs: number; toMs: number }> {
  for (let at = startOf(fromMs, HOUR_MS); at < toMs; at = startOf(at, DAY_MS) + lengthMs) {
    yield { fromMs: at, toMs: Math.min(toMs, startOf(at, DAY_MS) + lengthMs) };
  }
}

async function sumsOf(database: Database, query: UsageQuery): Promise<UsageRow[]> {
  const values: unknown[] = [];
  const parts = [
    rowsOf(database.dialect, 'usage_hour', 'hour_start_ms', query, values),
    rowsOf(database.dialect, 'usage_day', 'day_start_ms', query, values),
  ];
  const sql = `SELECT principal_id, model, start_ms, SUM(requests) AS requests, SUM(items) AS items,
    SUM(refused) AS refused, SUM(denied) AS denied
    FROM (${parts.join(' UNION ALL ')}) AS used GROUP BY principal_id, model, start_ms LIMIT ${USAGE_ROWS_MAX + 1}`;
  const found = await database.read((manager) => manager.query<StoredSum[]>(sql, values));
  return found.map(({ principal_id: principalId, model, ...row }) => ({
    ...{ principalId, model, startMs: Number(row.start_ms) },
    ...{ requests: Number(row.requests), items: Number(row.items) },
    ...{ refused: Number(row.refused), denied: Number(row.denied) },
  }));
}

/** PostgreSQL sums whole numbers up to a `numeric`, which comes as a text. */
type StoredSum = { principal_id: string; model: string } & Record<
  'start_ms' | 'requests' | 'items' | 'refused' | 'denied',
  number | string
>;

/** Builds one table's part of the statement, and adds its values to those that are there. */
function rowsOf(
  dialect: Database['dialect'],
  table: string,
  period: string,
  { principalIds, model, fromMs, toMs, by }: UsageQuery,
  values: unknown[],
): string {
  const value = (given: unknown): string =>
    dialect === 'postgres' ? `$${values.push(given)}` : (values.push(given), '?');
  const conditions = [`${period} >= ${value(fromMs)}`, `${period} < ${value(toMs)}`];
  if (model !== undefined) conditions.push(`model = ${value(model)}`);
  // One value for all ids: SQLite takes no more than 32,766 in a statement.
  if (principalIds !== undefined) conditions.push(`principal_id ${isOneOf(dialect, principalIds, value)}`);
  const start = { hour: period, day: `${period} - ${period} % ${DAY_MS}`, total: '0' }[by];
  return `SELECT principal_id, model, ${start} AS start_ms, requests, items, refused, denied FROM ${table} WHERE ${conditions.join(' AND ')}`;
}

/** A condition on a column that takes one value for any number of ids; `value` places it in the statement. */
export function isOneOf(
  dialect: Database['dialect'],
  ids: readonly string[],
  value: (given: unknown) => string,
): string {
  return dialect === 'postgres'
    ? `= ANY(${value([...ids])})`
    : `IN (SELECT value FROM json_each(${value(JSON.stringify(ids))}))`;
}

function tooManyRows(): DomainError {
  return new DomainError(
    'invalid_argument',
    `The answer would have more than ${USAGE_ROWS_MAX} rows. Ask for less time, one token or one model, or by day or in total.`,
  );
}

function byStartAndNames(a: UsageRow, b: UsageRow): number {
  return a.startMs - b.startMs || compare(a.principalId, b.principalId) || compare(a.model, b.model);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

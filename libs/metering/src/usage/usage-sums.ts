import { DomainError } from '#core';
import type { Database } from '#database';
import {
  added,
  DAY_MS,
  HOUR_MS,
  startOf,
  USAGE_PARTS,
  type UsagePart,
  type UsageQuery,
  type UsageRow,
  type UsageSum,
} from './usage.js';

/** Rows of one answer at most. */
const USAGE_ROWS_MAX = 20_000;

/**
 * Sums usage up by begin, principal and model.
 *
 * @throws DomainError `invalid_argument` for an answer of more than USAGE_ROWS_MAX rows
 */
export async function sumUsage(database: Database, query: UsageQuery): Promise<UsageRow[]> {
  const sums = await sumUsageBy(database, query, ['principalId', 'model']);
  return sums.map(({ principalId = '', model = '', ...sum }) => ({ principalId, model, ...sum }));
}

/**
 * Sums usage up by begin and by the given parts. It asks SQLite day by day, since SQLite holds up the whole process
 * while it works: milliseconds for the day of some hundred tokens.
 *
 * @param parts what the sums are told apart by; none = one sum for each begin
 * @throws DomainError `invalid_argument` for an answer of more than USAGE_ROWS_MAX rows
 */
export async function sumUsageBy(
  database: Database,
  query: UsageQuery,
  parts: readonly UsagePart[],
): Promise<UsageSum[]> {
  if (query.principalIds?.length === 0) return [];
  const sums = new Map<string, UsageSum>();
  for (const slice of slicesOf(query, database.dialect === 'sqlite' ? DAY_MS : Number.POSITIVE_INFINITY)) {
    for (const row of await sumsOf(database, { ...query, ...slice }, parts)) {
      const startMs = query.by === 'total' ? query.fromMs : row.startMs;
      const key = JSON.stringify([startMs, ...parts.map((part) => row[part])]);
      sums.set(key, { ...added(row, sums.get(key)), startMs });
    }
    if (sums.size > USAGE_ROWS_MAX) throw tooManyRows();
  }
  return [...sums.values()].sort(byStartAndParts);
}

/** Cuts at the begins of days. Hours that move into their day meanwhile stay in their slice and are counted once. */
function* slicesOf({ fromMs, toMs }: UsageQuery, lengthMs: number): Generator<{ fromMs: number; toMs: number }> {
  for (let at = startOf(fromMs, HOUR_MS); at < toMs; at = startOf(at, DAY_MS) + lengthMs) {
    yield { fromMs: at, toMs: Math.min(toMs, startOf(at, DAY_MS) + lengthMs) };
  }
}

async function sumsOf(database: Database, query: UsageQuery, parts: readonly UsagePart[]): Promise<UsageSum[]> {
  const values: unknown[] = [];
  const tables = [
    rowsOf(database.dialect, 'usage_hour', 'hour_start_ms', query, values),
    rowsOf(database.dialect, 'usage_day', 'day_start_ms', query, values),
  ];
  const columns = [...parts.map((part) => COLUMNS[part]), 'start_ms'].join(', ');
  const sql = `SELECT ${columns}, SUM(requests) AS requests, SUM(items) AS items, SUM(refused) AS refused,
    SUM(denied) AS denied
    FROM (${tables.join(' UNION ALL ')}) AS used GROUP BY ${columns} LIMIT ${USAGE_ROWS_MAX + 1}`;
  const found = await database.read((manager) => manager.query<StoredSum[]>(sql, values));
  return found.map((row) => ({
    ...Object.fromEntries(parts.map((part) => [part, String(row[COLUMNS[part]])])),
    startMs: Number(row.start_ms),
    ...{ requests: Number(row.requests), items: Number(row.items) },
    ...{ refused: Number(row.refused), denied: Number(row.denied) },
  }));
}

const COLUMNS = {
  principalId: 'principal_id',
  model: 'model',
  protocol: 'protocol',
  outcome: 'outcome',
} as const satisfies Record<UsagePart, string>;

/** PostgreSQL sums whole numbers up to a `numeric`, which comes as a text. */
type StoredSum = Record<
  (typeof COLUMNS)[UsagePart] | 'start_ms' | 'requests' | 'items' | 'refused' | 'denied',
  number | string | undefined
>;

/** Builds one table's part of the statement, and adds its values to those that are there. */
function rowsOf(
  dialect: Database['dialect'],
  table: string,
  period: string,
  { principalIds, model, protocol, outcome, fromMs, toMs, by }: UsageQuery,
  values: unknown[],
): string {
  const value = (given: unknown): string =>
    dialect === 'postgres' ? `$${values.push(given)}` : (values.push(given), '?');
  const conditions = [`${period} >= ${value(fromMs)}`, `${period} < ${value(toMs)}`];
  for (const [column, given] of Object.entries({ model, protocol, outcome })) {
    if (given !== undefined) conditions.push(`${column} = ${value(given)}`);
  }
  // One value for all ids: SQLite takes no more than 32,766 in a statement.
  if (principalIds !== undefined) conditions.push(`principal_id ${isOneOf(dialect, principalIds, value)}`);
  const start = { hour: period, day: `${period} - ${period} % ${DAY_MS}`, total: '0' }[by];
  const parts = Object.values(COLUMNS).join(', ');
  return `SELECT ${parts}, ${start} AS start_ms, requests, items, refused, denied FROM ${table} WHERE ${conditions.join(' AND ')}`;
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

function byStartAndParts(a: UsageSum, b: UsageSum): number {
  const ofParts = USAGE_PARTS.map((part) => compare(a[part] ?? '', b[part] ?? ''));
  return a.startMs - b.startMs || (ofParts.find((order) => order !== 0) ?? 0);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

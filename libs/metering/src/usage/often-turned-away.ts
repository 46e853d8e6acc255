import type { Database } from '#database';

/** What turns requests away: `denied` by scopes and models of the token, `refused` by its limits. */
export interface OftenQuery {
  readonly by: 'denied' | 'refused';
  /** More than this part of the requests is often; from 0 to 1. */
  readonly share: number;
  /** Milliseconds since 1970; hours that began before do not count. */
  readonly fromMs: number;
}

/** Most principals of one answer. */
const PRINCIPALS_MAX = 10_000;

/**
 * The ids of the principals that were turned away in more than `share` of all of their requests since `fromMs`, 10,000
 * at most. It starts at those that were turned away at all, who are few, and adds up only their hours.
 */
export async function findOftenTurnedAway(database: Database, { by, share, fromMs }: OftenQuery): Promise<string[]> {
  const marks = database.dialect === 'postgres' ? ['$1', '$2', '$3::float8'] : ['?', '?', '?'];
  const sql = `SELECT principal_id FROM usage_hour WHERE hour_start_ms >= ${marks[0]} AND principal_id IN (
      SELECT principal_id FROM usage_hour WHERE hour_start_ms >= ${marks[1]} AND ${by} > 0)
    GROUP BY principal_id HAVING SUM(${by}) > ${marks[2]} * (SUM(requests) + SUM(refused) + SUM(denied))
    ORDER BY principal_id LIMIT ${PRINCIPALS_MAX}`;
  const rows = await database.read((manager) =>
    manager.query<{ principal_id: string }[]>(sql, [fromMs, fromMs, share]),
  );
  return rows.map((row) => row.principal_id);
}

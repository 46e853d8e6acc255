import type { EntityManager } from 'typeorm';
import { ChangeCounterEntity } from './entities/index.js';

/**
 * What is numbered: `tokens` for the caches of access tokens, `audit` for the trail, `models` for the desired models,
 * `log_level` for the level that is in force for a while.
 */
export type ChangeCounter = 'tokens' | 'audit' | 'models' | (string & {});

/**
 * Raises the counter inside the caller's transaction and returns its new value; the first is 1. The row stays locked
 * until the transaction ends, so a lower number is always committed before a higher one is handed out, and a rolled
 * back transaction leaves no gap. All others who take the same counter wait for that: take it late to let others work,
 * or first to make them wait.
 */
export async function nextChange(manager: EntityManager, counter: ChangeCounter): Promise<number> {
  const parameter = manager.dataSource.options.type === 'postgres' ? '$1' : '?';
  const rows: unknown = await manager.query(
    `INSERT INTO change_counter (name, value) VALUES (${parameter}, 1)
     ON CONFLICT (name) DO UPDATE SET value = change_counter.value + 1 RETURNING value`,
    [counter],
  );
  const row: unknown = Array.isArray(rows) ? rows[0] : undefined;
  if (typeof row !== 'object' || row === null || !('value' in row)) throw new TypeError('The counter gave no value.');
  return Number(row.value);
}

/** The last number handed out and committed; 0 before the first. */
export async function currentChange(manager: EntityManager, counter: ChangeCounter): Promise<number> {
  const found = await manager.findOneBy(ChangeCounterEntity, { name: counter });
  return found?.value ?? 0;
}

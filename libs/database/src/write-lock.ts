import type { QueryRunner } from 'typeorm';
import { whileBusy } from './busy.js';

/** Longer than any transaction of ours takes. */
export const WRITE_LOCK_WAIT_MS_MAX = 5_000;

/**
 * Takes SQLite's one write lock at the start of a transaction by a write that meets no row. A transaction that reads
 * first and writes later would fail at once (SQLITE_BUSY_SNAPSHOT) when another process wrote in between. Waits about
 * 5 seconds for other processes, without blocking this one.
 *
 * @throws SQLITE_BUSY when another process held the lock all the time
 */
export async function takeWriteLock(queryRunner: QueryRunner, table: string): Promise<void> {
  await whileBusy(WRITE_LOCK_WAIT_MS_MAX, () => queryRunner.query(`UPDATE ${table} SET name = name WHERE name = ''`));
}

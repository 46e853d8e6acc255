import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryRunner } from 'typeorm';
import { isBusy } from './failures.js';

const ATTEMPTS = 500;
const BETWEEN_ATTEMPTS_MS = 10;

/**
 * Takes SQLite's one write lock at the start of a transaction by a write that meets no row. A transaction that reads
 * first and writes later would fail at once (SQLITE_BUSY_SNAPSHOT) when another process wrote in between. Waits about
 * 5 seconds for other processes, without blocking this one.
 *
 * @throws SQLITE_BUSY when another process held the lock all the time
 */
export async function takeWriteLock(queryRunner: QueryRunner, table: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await queryRunner.query(`UPDATE ${table} SET name = name WHERE name = ''`);
      return;
    } catch (err) {
      if (!isBusy(err) || attempt === ATTEMPTS) throw err;
      await sleep(BETWEEN_ATTEMPTS_MS);
    }
  }
}

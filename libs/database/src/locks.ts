import type { QueryRunner, EntityManager } from 'typeorm';
import { sleep, systemClock } from '#core';
import { isBusy } from './failures.js';

/** How long to wait for the write lock, in milliseconds: longer than any transaction of ours takes. */
export const WRITE_LOCK_WAIT_MS_MAX = 5_000;

/**
 * Takes SQLite's one write lock at the start of a transaction, by a write that meets no row. A transaction that reads
 * first and writes later would fail at once (SQLITE_BUSY_SNAPSHOT) when another process wrote in between. Waits about 5
 * seconds for other processes, without blocking this one.
 *
 * @throws SQLITE_BUSY when another process held the lock all the time
 */
export async function takeWriteLock(queryRunner: QueryRunner, table: string): Promise<void> {
  await whileBusy(WRITE_LOCK_WAIT_MS_MAX, () => queryRunner.query(`UPDATE ${table} SET name = name WHERE name = ''`));
}

/**
 * Options of a `find…` that reads a row to change it in the same transaction. PostgreSQL then holds the row against
 * other transactions until this one ends. SQLite has no such lock and needs none, since a transaction there has the
 * whole database to itself.
 *
 * @example await manager.findOne(AccountEntity, { where: { id }, ...forUpdate(manager) });
 */
export function forUpdate(manager: EntityManager): { lock?: { mode: 'pessimistic_write' } } {
  return manager.dataSource.options.type === 'postgres' ? { lock: { mode: 'pessimistic_write' } } : {};
}

const BETWEEN_ATTEMPTS_MS = 10;

/**
 * Repeats `work`, without blocking this process, while another connection of SQLite holds the lock that it needs.
 * `work` must leave nothing behind when it fails.
 *
 * @param waitMsMax how long others may hold the lock, in milliseconds of waiting
 * @throws what `work` threw last: SQLITE_BUSY when the lock was held all the time
 */
export async function whileBusy<T>(waitMsMax: number, work: () => T | Promise<T>): Promise<T> {
  for (let waitedMs = 0; ; waitedMs += BETWEEN_ATTEMPTS_MS) {
    try {
      return await work();
    } catch (err) {
      if (!isBusy(err) || waitedMs >= waitMsMax) throw err;
      await sleep(systemClock, BETWEEN_ATTEMPTS_MS);
    }
  }
}

import { type QueryRunner, QueryFailedError } from 'typeorm';
import { DomainError } from '#core';
import { whileBusy, WRITE_LOCK_WAIT_MS_MAX } from './locks.js';
import { openSqliteWriter, postgresMigrationSource } from './data-sources.js';
import { isUnreachable, reasonOf } from './failures.js';
import type { DatabaseLocation, PostgresLocation, SqliteLocation } from './location.js';
import { makeFiles, withOpenLock } from './sqlite-files.js';

/** Marks a SQLite file as ours, in its header: "CASd". */
export const SQLITE_APPLICATION_ID = 0x43415364;

/** "casdb": the advisory lock of PostgreSQL that one process holds while it migrates; it is per database. */
const POSTGRES_LOCK = 0x63_61_73_64_62;
const POSTGRES_LOCK_WAIT = '5min';

/**
 * Runs `work` on one connection that holds the lock against every other process that would migrate. On PostgreSQL the
 * connection that migrates holds the lock itself: if one is lost, so is the other.
 *
 * @throws DomainError `unavailable` for a database that cannot be opened, naming the setting and never the password
 */
export async function withMigrationSession<T>(
  location: DatabaseLocation,
  work: (queryRunner: QueryRunner) => Promise<T>,
): Promise<T> {
  try {
    return location.dialect === 'sqlite' ? await onSqlite(location, work) : await onPostgres(location, work);
  } catch (err) {
    throw openFailure(location, err);
  }
}

/** The error of a start that cannot open the database. */
export function openFailure(location: DatabaseLocation, thrown: unknown): unknown {
  if (thrown instanceof DomainError) return thrown;
  const reason = reasonOf(thrown);
  if (location.dialect === 'sqlite') {
    const text = /not a database|malformed/.test(reason)
      ? 'The file cas.sqlite in CAS_DATA_DIR is damaged or not a SQLite database. Restore a back-up of it.'
      : 'The file cas.sqlite in CAS_DATA_DIR cannot be opened or migrated. The log has the reason.';
    return new DomainError('unavailable', text, { internal: `${location.file}: ${reason}` });
  }
  const refused = thrown instanceof QueryFailedError && !isUnreachable(thrown);
  const fault = refused ? 'cannot be migrated' : 'cannot be opened';
  return new DomainError('unavailable', `The database of CAS_DATABASE_URL (${location.shown}) ${fault}: ${reason}`, {
    internal: reason,
  });
}

async function onSqlite<T>(location: SqliteLocation, work: (queryRunner: QueryRunner) => Promise<T>): Promise<T> {
  await makeFiles(location, { database: true });
  return withOpenLock(location, async () => {
    const source = await openSqliteWriter(location);
    try {
      const queryRunner = source.createQueryRunner();
      await whileBusy(WRITE_LOCK_WAIT_MS_MAX, () =>
        queryRunner.query(`PRAGMA application_id = ${SQLITE_APPLICATION_ID}`),
      );
      return await work(queryRunner);
    } finally {
      await source.destroy();
    }
  });
}

async function onPostgres<T>(location: PostgresLocation, work: (queryRunner: QueryRunner) => Promise<T>): Promise<T> {
  const source = await postgresMigrationSource(location).initialize();
  try {
    const queryRunner = source.createQueryRunner();
    await queryRunner.query(`SET lock_timeout = '${POSTGRES_LOCK_WAIT}'`);
    await queryRunner.query(`SELECT pg_advisory_lock(${POSTGRES_LOCK})`);
    return await work(queryRunner);
  } finally {
    await source.destroy();
  }
}

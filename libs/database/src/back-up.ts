import { constants, existsSync } from 'node:fs';
import { copyFile, rename, rm, stat } from 'node:fs/promises';
import SqliteConnection from 'better-sqlite3-13';
import { DomainError } from '#core';
import { checkSqlite, copySqlite } from './copy-sqlite.js';
import { isBusy } from './failures.js';
import type { DatabaseOptions, SqliteLocation } from './location.js';
import { locate } from './location.js';
import { makeFiles, withOpenLock } from './sqlite-files.js';

/**
 * Writes a sound copy of the SQLite database to `file` (mode 0600), also while the service uses it. Writes nothing when
 * it fails.
 *
 * @returns the size of the back-up in bytes
 * @throws DomainError `invalid_argument` with PostgreSQL (pg_dump is its tool), `conflict` when `file` exists already
 *   or a newer version has migrated the database, `not_found` when there is no database yet, `unavailable` when it is
 *   damaged
 */
export async function backUpDatabase(options: DatabaseOptions, file: string): Promise<{ bytes: number }> {
  const location = sqliteOnly(options, 'pg_dump');
  if (!existsSync(location.file)) {
    throw new DomainError('not_found', 'There is no database in the data folder. Look whether CAS_DATA_DIR is right.');
  }
  if (existsSync(file)) {
    throw new DomainError('conflict', 'The file of the back-up exists already. Choose another name, or remove it.');
  }
  await copySqlite(location.file, file, damaged);
  return { bytes: (await stat(file)).size };
}

/**
 * Puts a back-up in the place of the SQLite database, and keeps that database in a file beside it. The next start
 * migrates the back-up if it is older. Tokens that were revoked after the back-up work again: revoke them anew.
 *
 * @returns `keptAside`: the file with the replaced database; undefined when there was none
 * @throws DomainError `invalid_argument` for a file that is no sound back-up of ours and with PostgreSQL (pg_restore is
 *   its tool), `conflict` for a back-up of a newer version or while a process has the database open
 */
export async function restoreDatabase(
  options: DatabaseOptions,
  file: string,
): Promise<{ keptAside: string | undefined }> {
  const location = sqliteOnly(options, 'pg_restore');
  checkSqlite(file, noBackUp);
  await makeFiles(location, { database: false });
  return withOpenLock(location, async () => {
    refuseWhileOpen(location);
    const fresh = `${location.file}.restored`;
    await copySqlite(file, fresh, noBackUp);
    const keptAside = await keepAside(location);
    await rename(fresh, location.file);
    return { keptAside };
  });
}

function damaged(problem: string): DomainError {
  return new DomainError(
    'unavailable',
    'The file cas.sqlite in CAS_DATA_DIR is damaged, or it was not written by this program: no back-up was made. Restore an earlier one.',
    { internal: problem },
  );
}

function noBackUp(problem: string): DomainError {
  return new DomainError(
    'invalid_argument',
    'The file is damaged or not a back-up of this program. Choose another one.',
    {
      internal: problem,
    },
  );
}

function sqliteOnly(options: DatabaseOptions, tool: string): SqliteLocation {
  const location = locate(options);
  if (location.dialect === 'sqlite') return location;
  throw new DomainError(
    'invalid_argument',
    `CAS_DATABASE_URL names a PostgreSQL database: use its own tool ${tool}, as docs/database.md shows.`,
  );
}

/**
 * SQLite leaves the write-ahead log only when no other connection is open, and then empties it into the file. A damaged
 * file cannot tell; a restore is meant to replace such a file.
 */
function refuseWhileOpen(location: SqliteLocation): void {
  if (!existsSync(location.file)) return;
  const connection = new SqliteConnection(location.file, { timeout: 0 });
  try {
    connection.pragma('journal_mode = DELETE');
  } catch (err) {
    if (!isBusy(err)) return;
    throw new DomainError(
      'conflict',
      'A process has the database open. Stop the service (and every other command of it), then restore.',
    );
  } finally {
    connection.close();
  }
}

/** Copies and does not move, so that a crash at any moment leaves a database under the usual name. */
async function keepAside(location: SqliteLocation): Promise<string | undefined> {
  if (!existsSync(location.file)) return undefined;
  const aside = `${location.file}.before-restore-${new Date().toISOString().replaceAll(':', '-')}`;
  await copyFile(location.file, aside, constants.COPYFILE_EXCL);
  const log = `${location.file}-wal`;
  // Only a damaged database leaves it. SQLite must not take it for the log of the restored one.
  if (existsSync(log)) await copyFile(log, `${aside}-wal`);
  for (const rest of [log, `${location.file}-shm`]) await rm(rest, { force: true });
  return aside;
}

import { open } from 'node:fs/promises';
import SqliteConnection from 'better-sqlite3-13';
import { DomainError, makeFolder } from '#core';
import { whileBusy } from './locks.js';
import { isBusy, reasonOf } from './failures.js';
import type { SqliteLocation } from './location.js';

const OPEN_LOCK_WAIT_MS_MAX = 60_000;

/**
 * Makes the folder (0700), the lock file and, if asked for, the database file (0600) where they are missing, before
 * SQLite would make them with the modes of the umask. Existing ones keep their modes: the operator chose them.
 *
 * @throws DomainError `unavailable` when the folder cannot be made or written
 */
export async function makeFiles(location: SqliteLocation, { database }: { database: boolean }): Promise<void> {
  try {
    await makeFolder(location.folder, 0o700);
    await makeEmptyFile(location.lockFile);
    if (database) await makeEmptyFile(location.file);
  } catch (err) {
    throw new DomainError(
      'unavailable',
      'The database cannot be created in the data folder. Set CAS_DATA_DIR to a folder that this user may write.',
      { internal: reasonOf(err) },
    );
  }
}

/**
 * Runs `work` while no other process opens, migrates or restores this database. The lock is one of the operating system
 * on a file beside it, so it ends with the process, however that ends. Waits about a minute for others.
 */
export async function withOpenLock<T>(location: SqliteLocation, work: () => Promise<T>): Promise<T> {
  const lock = new SqliteConnection(location.lockFile, { timeout: 0 });
  try {
    await takeLock(lock);
    return await work();
  } finally {
    lock.close();
  }
}

/**
 * Makes the file with mode 0600 unless there is one. Never opens one that exists: closing any descriptor of it would
 * drop the locks that SQLite holds on it for this process.
 */
export async function makeEmptyFile(file: string): Promise<void> {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.close();
  } catch (err) {
    if (!(err instanceof Error && 'code' in err && err.code === 'EEXIST')) throw err;
  }
}

async function takeLock(lock: SqliteConnection): Promise<void> {
  try {
    await whileBusy(OPEN_LOCK_WAIT_MS_MAX, () => lock.exec('BEGIN EXCLUSIVE'));
  } catch (err) {
    if (!isBusy(err)) throw err;
    throw new DomainError(
      'unavailable',
      'Another process has been opening or restoring the database in the data folder for a minute. Look whether it hangs, then start again.',
    );
  }
}

import { open, rename, rm } from 'node:fs/promises';
import SqliteConnection from 'better-sqlite3-13';
import { DomainError } from '#core';
import { isDamage, reasonOf } from './failures.js';
import { refuseNewer } from './migrate.js';
import { SQLITE_APPLICATION_ID } from './migration-session.js';
import { makeEmptyFile } from './sqlite-files.js';

/** How long the copy waits for a lock of another process, in milliseconds; it blocks this one meanwhile. */
const WAIT_MS_MAX = 5_000;

/** The error for a database that is damaged or not ours; `problem` is for the log. */
export type Refusal = (problem: string) => DomainError;

/**
 * Copies a database that may be in use, in one read transaction, to a file of mode 0600. The copy appears whole and
 * checked or not at all: it has another name until it is on the disk. Replaces `to`.
 *
 * @throws DomainError as `checkSqlite` does
 */
export async function copySqlite(from: string, to: string, refusal: Refusal): Promise<void> {
  const partial = `${to}.partial`;
  await rm(partial, { force: true });
  await makeEmptyFile(partial);
  try {
    vacuumInto(partial, from, refusal);
    checkSqlite(partial, refusal);
    await flush(partial);
    await rename(partial, to);
  } finally {
    await rm(partial, { force: true });
  }
}

/**
 * Whether `file` can serve as our database: sound, ours, and not from a newer version.
 *
 * @throws DomainError of `refusal` for a file that is damaged or none of ours, `conflict` for one that is too new
 */
export function checkSqlite(file: string, refusal: Refusal): void {
  const problem = problemOf(file);
  if (problem !== undefined) throw refusal(problem);
}

function vacuumInto(partial: string, from: string, refusal: Refusal): void {
  const source = new SqliteConnection(from, { readonly: true, fileMustExist: true, timeout: WAIT_MS_MAX });
  try {
    source.prepare('VACUUM INTO ?').run(partial);
  } catch (err) {
    throw isDamage(err) ? refusal(reasonOf(err)) : err;
  } finally {
    source.close();
  }
}

function problemOf(file: string): string | undefined {
  try {
    const connection = new SqliteConnection(file, { readonly: true, fileMustExist: true, timeout: WAIT_MS_MAX });
    try {
      if (connection.pragma('application_id', { simple: true }) !== SQLITE_APPLICATION_ID)
        return 'another application_id';
      const verdict = connection.pragma('integrity_check', { simple: true });
      if (verdict !== 'ok') return String(verdict);
      refuseNewer(connection.prepare('SELECT name FROM schema_migration').all().flatMap(nameOf));
      return undefined;
    } finally {
      connection.close();
    }
  } catch (err) {
    if (err instanceof DomainError) throw err;
    return reasonOf(err);
  }
}

function nameOf(row: unknown): string[] {
  return typeof row === 'object' && row !== null && 'name' in row ? [String(row.name)] : [];
}

async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

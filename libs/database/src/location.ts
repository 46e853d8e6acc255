import path from 'node:path';
import { DomainError } from '#core';

/** Which database to open, by `CAS_DATABASE_URL` and `CAS_DATA_DIR`. */
export interface DatabaseOptions {
  /** `postgres://…` or `postgresql://…`; undefined is SQLite in `dataDir`. */
  url?: string | undefined;
  /** The folder of `cas.sqlite`, made when it is missing; unused with PostgreSQL. */
  dataDir: string;
}

export type DatabaseLocation = SqliteLocation | PostgresLocation;

export interface SqliteLocation {
  dialect: 'sqlite';
  folder: string;
  file: string;
  /**
   * The holder of this file's lock may open, migrate or restore the database. It is a file of its own because it
   * outlives a restore.
   */
  lockFile: string;
}

export interface PostgresLocation {
  dialect: 'postgres';
  url: string;
  /** For messages: user, host, port and database, never a password. */
  shown: string;
}

/**
 * Finds out which database the settings mean.
 *
 * @throws DomainError `invalid_argument` for a URL that is none of ours; it never repeats the URL, which may hold a
 *   password
 */
export function locate(options: DatabaseOptions): DatabaseLocation {
  if (options.url !== undefined && options.url !== '') return locatePostgres(options.url);
  const folder = path.resolve(options.dataDir);
  const file = path.join(folder, 'cas.sqlite');
  return { dialect: 'sqlite', folder, file, lockFile: `${file}.lock` };
}

function locatePostgres(text: string): PostgresLocation {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw unreadable();
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') {
    throw new DomainError(
      'invalid_argument',
      `CAS_DATABASE_URL has the scheme ${url.protocol}//, which is not supported. Write postgres://user:password@host:5432/` +
        'database, or leave the variable out to use SQLite in CAS_DATA_DIR.',
    );
  }
  if (mayHoldPassword(url)) throw unreadable();
  const user = url.username === '' ? '' : `${url.username}@`;
  return { dialect: 'postgres', url: text, shown: `postgres://${user}${url.host}${url.pathname}` };
}

function unreadable(): DomainError {
  return new DomainError(
    'invalid_argument',
    'CAS_DATABASE_URL cannot be read as a URL. Write postgres://user:password@host:5432/database, with special ' +
      'characters percent-encoded: # is %23, / is %2F, ? is %3F, @ is %40.',
  );
}

/**
 * Whether another part than the password may hold some of it: in `postgres://cas:2024/secret@db/cas` 2024 is the port
 * and `secret@db/cas` the database, and messages show both.
 */
function mayHoldPassword({ pathname, search, hash }: URL): boolean {
  return pathname.lastIndexOf('/') > 0 || `${pathname}${search}`.includes('@') || hash !== '';
}

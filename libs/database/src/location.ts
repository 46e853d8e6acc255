import path from 'node:path';
import { DomainError } from '#core';

/** Which database to open: what `CAS_DATABASE_URL` and `CAS_DATA_DIR` say. */
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
  /** Whoever holds this file's lock opens, migrates or restores the database; a file of its own outlives a restore. */
  lockFile: string;
}

export interface PostgresLocation {
  dialect: 'postgres';
  url: string;
  /** For messages: user, host, port and database, never a password. */
  shown: string;
}

/** @throws DomainError `invalid_argument` for a URL that is none of ours; never repeats it, since it may hold a password */
export function locate(options: DatabaseOptions): DatabaseLocation {
  if (options.url !== undefined && options.url !== '') return locatePostgres(options.url);
  const folder = path.resolve(options.dataDir);
  const file = path.join(folder, 'cas.sqlite');
  return { dialect: 'sqlite', folder, file, lockFile: `${file}.lock` };
}

function locatePostgres(text: string): PostgresLocation {
  if (!URL.canParse(text)) {
    throw new DomainError(
      'invalid_argument',
      'CAS_DATABASE_URL cannot be read as a URL. Write postgres://user:password@host:5432/database, with the special ' +
        'characters of a password percent-encoded.',
    );
  }
  const url = new URL(text);
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') {
    throw new DomainError(
      'invalid_argument',
      `CAS_DATABASE_URL has the scheme ${url.protocol}//, which is not supported. Write postgres://user:password@host:5432/` +
        'database, or leave the variable out to use SQLite in CAS_DATA_DIR.',
    );
  }
  const user = url.username === '' ? '' : `${url.username}@`;
  return { dialect: 'postgres', url: text, shown: `postgres://${user}${url.host}${url.pathname}` };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { Database, type DatabaseOptions } from '#database';
import { postgresAvailable, startPostgres, type TestPostgres } from './postgres.js';

const SERVER_START_MS_MAX = 120_000;

/** Databases for one dialect's run of a suite; all are closed after each test and gone after the suite. */
export interface TestDatabases {
  readonly dialect: 'sqlite' | 'postgres';
  /** Where a database could be opened that does not exist (SQLite) or is empty (PostgreSQL). */
  options(): Promise<DatabaseOptions>;
  /** A fresh database with the whole schema, or one more connection to the database of `options`. */
  open(options?: DatabaseOptions): Promise<Database>;
  /** The path of a program of PostgreSQL's, such as `pg_dump`. */
  postgresProgram(name: string): string;
}

/**
 * Runs the same suite on SQLite and on PostgreSQL; the latter is skipped where there is none, but fails with CI set.
 */
export function onEachDatabase(suite: (databases: TestDatabases) => void): void {
  describe('on SQLite', () => {
    suite(databasesOf('sqlite', () => undefined));
  });
  describe.skipIf(!postgresAvailable)('on PostgreSQL', () => {
    let server: TestPostgres | undefined;
    beforeAll(async () => {
      server = await startPostgres();
    }, SERVER_START_MS_MAX);
    afterAll(async () => {
      await server?.dispose();
    });
    suite(databasesOf('postgres', () => server));
  });
}

function databasesOf(dialect: TestDatabases['dialect'], server: () => TestPostgres | undefined): TestDatabases {
  const opened: Database[] = [];
  const folders: string[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((database) => database.close()));
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
  });
  const options = async (): Promise<DatabaseOptions> => {
    const folder = await mkdtemp(join(tmpdir(), 'cas-database-'));
    folders.push(folder);
    return { url: await server()?.createDatabase(), dataDir: join(folder, 'data') };
  };
  return {
    dialect,
    options,
    async open(given) {
      const database = await Database.open(given ?? (await options()));
      opened.push(database);
      return database;
    },
    postgresProgram: (name) => server()?.program(name) ?? name,
  };
}

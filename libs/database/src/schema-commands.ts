import { existsSync } from 'node:fs';
import { MIGRATIONS } from '#migrations';
import type { DataSource } from 'typeorm';
import { postgresMigrationSource, sqliteReader } from './data-sources.js';
import type { DatabaseLocation, DatabaseOptions } from './location.js';
import { locate } from './location.js';
import { appliedMigrations, migrateDown, migrateUp, unknownMigrations } from './migrate.js';
import { openFailure, withMigrationSession } from './migration-session.js';

/** Where the database is and how its schema compares with this program. */
export interface DatabaseStatus {
  dialect: 'sqlite' | 'postgres';
  /** The file, or the URL without its password. For the operator only. */
  where: string;
  /** False for SQLite before the first start. */
  exists: boolean;
  /** Steps of the schema in the database, oldest first. */
  applied: string[];
  /** Steps that the next start will apply. */
  missing: string[];
  /** Steps of a newer version; this program refuses to start when there are any. */
  unknown: string[];
}

/**
 * Brings the schema up to date, as every start does, and creates the database when it is missing.
 *
 * @returns the steps that were applied now
 * @throws DomainError as `Database.open` does
 */
export function migrateDatabase(options: DatabaseOptions): Promise<string[]> {
  return withMigrationSession(locate(options), migrateUp);
}

/**
 * Takes back the last `count` steps of the schema, the newest first. The data of a step goes with it, so this is for
 * the way back from a failed upgrade, with the service stopped.
 *
 * @returns the steps that were taken back
 */
export function revertMigrations(options: DatabaseOptions, count: number): Promise<string[]> {
  return withMigrationSession(locate(options), (queryRunner) => migrateDown(queryRunner, count));
}

/**
 * Reads only: creates and migrates nothing.
 *
 * @throws DomainError as `Database.open` does, except for a database that is too new, which the answer tells
 */
export async function databaseStatus(options: DatabaseOptions): Promise<DatabaseStatus> {
  const location = locate(options);
  const where = location.dialect === 'sqlite' ? location.file : location.shown;
  const exists = location.dialect === 'postgres' || existsSync(location.file);
  const applied = exists ? await readApplied(location) : [];
  const missing = MIGRATIONS.map((step) => step.name).filter((name) => !applied.includes(name));
  return { dialect: location.dialect, where, exists, applied, missing, unknown: unknownMigrations(applied) };
}

async function readApplied(location: DatabaseLocation): Promise<string[]> {
  try {
    const source = await sourceOf(location).initialize();
    try {
      return await appliedMigrations(source.createQueryRunner());
    } finally {
      await source.destroy();
    }
  } catch (err) {
    throw openFailure(location, err);
  }
}

function sourceOf(location: DatabaseLocation): DataSource {
  return location.dialect === 'sqlite' ? sqliteReader(location) : postgresMigrationSource(location);
}

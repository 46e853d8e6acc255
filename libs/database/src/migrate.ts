import type { QueryRunner } from 'typeorm';
import { DomainError } from '#core';
import { type Migration, MIGRATIONS } from '#migrations';
import { takeWriteLock } from './locks.js';

/** The names of the steps that the database has, oldest first; none for an empty database. */
export async function appliedMigrations(queryRunner: QueryRunner): Promise<string[]> {
  if (!(await queryRunner.hasTable('schema_migration'))) return [];
  const rows: unknown = await queryRunner.query('SELECT name FROM schema_migration');
  return namesIn(rows).sort((a, b) => timeStampOf(a) - timeStampOf(b));
}

/**
 * Applies the missing steps, each in a transaction of its own together with its record, so that a process killed in the
 * middle leaves nothing of the step. The caller holds the lock against others.
 *
 * @returns the names of the steps that it applied
 * @throws DomainError `conflict` for a database that a newer version has migrated
 */
export async function migrateUp(queryRunner: QueryRunner): Promise<string[]> {
  const applied = await appliedMigrations(queryRunner);
  refuseNewer(applied);
  await queryRunner.query(
    'CREATE TABLE IF NOT EXISTS schema_migration (name varchar(100) PRIMARY KEY, applied_at_ms bigint NOT NULL)',
  );
  const missing = MIGRATIONS.filter((step) => !applied.includes(step.name));
  for (const step of missing) {
    await inOneTransaction(queryRunner, async () => {
      await new step().up(queryRunner);
      await queryRunner.query(
        `INSERT INTO schema_migration (name, applied_at_ms) VALUES ('${step.name}', ${Date.now()})`,
      );
    });
  }
  return missing.map((step) => step.name);
}

/**
 * Takes the last `count` steps back, the newest first, with the data that they brought.
 *
 * @returns the names of the steps that it took back
 */
export async function migrateDown(queryRunner: QueryRunner, count: number): Promise<string[]> {
  const applied = await appliedMigrations(queryRunner);
  refuseNewer(applied);
  const steps = MIGRATIONS.filter((step) => applied.includes(step.name))
    .slice(-count)
    .reverse();
  for (const step of steps) await inOneTransaction(queryRunner, () => takeBack(queryRunner, step));
  return steps.map((step) => step.name);
}

/** Steps in the database that this program does not know. */
export function unknownMigrations(applied: readonly string[]): string[] {
  return applied.filter((name) => !MIGRATIONS.some((step) => step.name === name));
}

/** @throws DomainError `conflict` when a newer version has migrated the database */
export function refuseNewer(applied: readonly string[]): void {
  const unknown = unknownMigrations(applied);
  if (unknown.length === 0) return;
  throw new DomainError(
    'conflict',
    `The database belongs to a newer version of this program: it has the step ${unknown.join(', ')}. Start that version, ` +
      'or restore the back-up from before the upgrade.',
  );
}

async function takeBack(queryRunner: QueryRunner, step: Migration): Promise<void> {
  await new step().down(queryRunner);
  await queryRunner.query(`DELETE FROM schema_migration WHERE name = '${step.name}'`);
}

/** SQLite can rebuild a table only while it does not check foreign keys, which must be set before the transaction. */
async function inOneTransaction(queryRunner: QueryRunner, work: () => Promise<void>): Promise<void> {
  await queryRunner.beforeMigration();
  await queryRunner.startTransaction();
  try {
    if (queryRunner.dataSource.options.type === 'better-sqlite3') await takeWriteLock(queryRunner, 'schema_migration');
    await work();
    await queryRunner.commitTransaction();
  } catch (err) {
    // A lost connection cannot roll back; the server has done it then.
    await queryRunner.rollbackTransaction().catch(() => undefined);
    throw err;
  } finally {
    await queryRunner.afterMigration();
  }
}

function timeStampOf(name: string): number {
  return Number(/\d+$/.exec(name)?.[0] ?? 0);
}

function namesIn(rows: unknown): string[] {
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((row: unknown) =>
    typeof row === 'object' && row !== null && 'name' in row && typeof row.name === 'string' ? [row.name] : [],
  );
}

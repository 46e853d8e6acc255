import type { QueryRunner } from 'typeorm';
import { expect, it } from 'vitest';
import { MIGRATIONS } from '#migrations';
import { onEachDatabase } from '../../../test/support/databases.js';
import { postgresSource, openSqliteWriter } from './data-sources.js';
import { locate, type DatabaseOptions } from './location.js';
import { withMigrationSession } from './migration-session.js';
import { databaseStatus, migrateDatabase, revertMigrations } from './schema-commands.js';

const NAMES = MIGRATIONS.map((step) => step.name);

onEachDatabase((databases) => {
  it('goes up, all the way down and up again, step by step', { timeout: 60_000 }, async () => {
    const options = await databases.options();
    expect(await migrateDatabase(options)).toEqual(NAMES);
    const whole = await schemaOf(options);
    for (const name of NAMES.toReversed()) expect(await revertMigrations(options, 1)).toEqual([name]);
    expect(await schemaOf(options)).toEqual(['schema_migration']);
    expect(await migrateDatabase(options)).toEqual(NAMES);
    expect(await schemaOf(options)).toEqual(whole);
  });

  it('makes the tables, columns, indexes and foreign keys that the entities describe', async () => {
    const options = await databases.options();
    await migrateDatabase(options);
    const location = locate(options);
    const source = await (location.dialect === 'sqlite'
      ? openSqliteWriter(location)
      : postgresSource(location).initialize());
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    await source.destroy();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('says what is applied and missing without creating anything', async () => {
    const options = await databases.options();
    const before = await databaseStatus(options);
    expect(before).toMatchObject({ dialect: databases.dialect, applied: [], missing: NAMES, unknown: [] });
    await migrateDatabase(options);
    await revertMigrations(options, 2);
    expect(await databaseStatus(options)).toMatchObject({
      exists: true,
      applied: NAMES.slice(0, -2),
      missing: NAMES.slice(-2),
    });
  });

  it('refuses a database of a newer version and leaves it as it is', async () => {
    const options = await databases.options();
    await migrateDatabase(options);
    await inSession(options, async (queryRunner) => {
      await queryRunner.query("INSERT INTO schema_migration VALUES ('FromTheFuture1999999999999', 1)");
    });
    const refusal = { code: 'conflict', message: expect.stringContaining('FromTheFuture1999999999999') };
    await expect(databases.open(options)).rejects.toMatchObject(refusal);
    await expect(revertMigrations(options, 1)).rejects.toMatchObject(refusal);
    expect((await databaseStatus(options)).unknown).toEqual(['FromTheFuture1999999999999']);
  });

  it('leaves nothing of a step that fails in the middle, and says so at the start', async () => {
    const options = await databases.options();
    await inSession(options, (queryRunner) => queryRunner.query('CREATE TABLE usage_day (other varchar(1))'));
    await expect(databases.open(options)).rejects.toMatchObject({ code: 'unavailable' });
    const { applied, missing } = await databaseStatus(options);
    expect(missing[0]).toMatch(/^CreateUsage/);
    expect(await schemaOf(options)).not.toContain('usage_hour');
    await inSession(options, (queryRunner) => queryRunner.query('DROP TABLE usage_day'));
    expect(await migrateDatabase(options)).toEqual(NAMES.slice(applied.length));
  });
});

async function inSession(
  options: DatabaseOptions,
  work: (queryRunner: QueryRunner) => Promise<unknown>,
): Promise<void> {
  await withMigrationSession(locate(options), work);
}

/** The names of all tables, indexes and triggers. */
async function schemaOf(options: DatabaseOptions): Promise<string[]> {
  return withMigrationSession(locate(options), async (queryRunner) => {
    const rows: { name: string }[] = await queryRunner.query(
      options.url === undefined
        ? "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
        : `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '%pkey'
           UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
           UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
    );
    return rows.map(({ name }) => name).sort();
  });
}

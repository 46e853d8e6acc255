import type { MigrationInterface, QueryRunner } from 'typeorm';

/** In this order in both directions: SQLite adds and drops one column a statement. */
const COLUMNS = [
  ['access_token', 'restorable_until_ms', 'bigint'],
  ['access_token', 'rotated_at_ms', 'bigint'],
  ['access_token', 'present_requests', 'bigint NOT NULL DEFAULT 0'],
  ['access_token', 'present_used_at_ms', 'bigint'],
  ['access_token', 'previous_requests', 'bigint NOT NULL DEFAULT 0'],
  ['access_token', 'previous_used_at_ms', 'bigint'],
  ['access_token', 'previous_used_from', 'varchar(100)'],
  ['usage_hour', 'denied', 'bigint NOT NULL DEFAULT 0'],
  ['usage_day', 'denied', 'bigint NOT NULL DEFAULT 0'],
] as const;

/**
 * What a rotation shows of both secrets, how long a revocation can be undone, and how many requests a token was not
 * allowed. Plain statements: TypeORM would copy the tables of SQLite, which takes long where there is much usage.
 */
export class CountUsesOfSecrets1796120000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [table, name, type] of COLUMNS)
      await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`);
    // The days of a page of tokens are read by it.
    await queryRunner.query('CREATE INDEX usage_hour_principal_id ON usage_hour (principal_id, hour_start_ms)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX usage_hour_principal_id');
    for (const [table, name] of COLUMNS) await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN ${name}`);
  }
}

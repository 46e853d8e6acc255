import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Table } from 'typeorm';
import { PRIMARY, bigint, varchar } from './columns.js';

const TABLES = [
  { table: 'usage_hour', period: 'hour_start_ms' },
  { table: 'usage_day', period: 'day_start_ms' },
] as const;

/**
 * Usage also by protocol and by how requests ended. Of what was counted before nobody knows that any more: it is kept
 * as `unknown`. A primary key cannot be changed in SQLite, so the rows move into new tables.
 */
export class UsageByProtocolAndOutcome1796150000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const unknown = { default: "'unknown'" };
    const more = [
      varchar('protocol', 20, { ...PRIMARY, ...unknown }),
      varchar('outcome', 40, { ...PRIMARY, ...unknown }),
    ];
    for (const { table, period } of TABLES) {
      await queryRunner.createTable(new Table({ name: `${table}_new`, columns: columnsOf(period, more) }));
      await queryRunner.query(`INSERT INTO ${table}_new (principal_id, model, ${period}, requests, items, refused, denied)
        SELECT principal_id, model, ${period}, requests, items, refused, denied FROM ${table}`);
      await takeItsPlace(queryRunner, table, period);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const { table, period } of TABLES) {
      await queryRunner.createTable(new Table({ name: `${table}_new`, columns: columnsOf(period, []) }));
      await queryRunner.query(`INSERT INTO ${table}_new (principal_id, model, ${period}, requests, items, refused, denied)
        SELECT principal_id, model, ${period}, SUM(requests), SUM(items), SUM(refused), SUM(denied) FROM ${table}
        GROUP BY principal_id, model, ${period}`);
      await takeItsPlace(queryRunner, table, period);
    }
  }
}

function columnsOf(period: string, more: ReturnType<typeof varchar>[]): ReturnType<typeof varchar>[] {
  return [
    varchar('principal_id', 64, PRIMARY),
    varchar('model', 200, PRIMARY),
    ...more,
    bigint(period, PRIMARY),
    bigint('requests'),
    bigint('items'),
    bigint('refused'),
    bigint('denied', { default: 0 }),
  ];
}

async function takeItsPlace(queryRunner: QueryRunner, table: string, period: string): Promise<void> {
  // Plain statements: TypeORM would remember the indices of the table, and look for them when steps are taken back.
  await queryRunner.query(`DROP TABLE ${table}`);
  await queryRunner.query(`ALTER TABLE ${table}_new RENAME TO ${table}`);
  await queryRunner.query(`CREATE INDEX ${table}_${period} ON ${table} (${period})`);
  if (table === 'usage_hour') {
    await queryRunner.query('CREATE INDEX usage_hour_principal_id ON usage_hour (principal_id, hour_start_ms)');
  }
}

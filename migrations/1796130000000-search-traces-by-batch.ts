import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS = [
  ['queue_us', 'bigint'],
  ['replica', 'varchar(200)'],
  ['device', 'varchar(60)'],
  ['batch_items', 'bigint'],
  ['batch_items_max', 'bigint'],
] as const;

/**
 * What requests are searched by of the batches that they rode in. TypeORM would copy the whole table on SQLite for a
 * column more; both databases add one in no time.
 */
export class SearchTracesByBatch1796130000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [name, type] of COLUMNS) await queryRunner.query(`ALTER TABLE request_trace ADD COLUMN ${name} ${type}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const [name] of COLUMNS) await queryRunner.query(`ALTER TABLE request_trace DROP COLUMN ${name}`);
  }
}

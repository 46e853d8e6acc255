import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Table } from 'typeorm';
import { PRIMARY, bigint, varchar } from './columns.js';

/** Usage per token and model, by the hour and rolled up by the day. */
export class CreateUsage1795514820000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: 'usage_hour',
        columns: [
          varchar('principal_id', 64, PRIMARY),
          varchar('model', 200, PRIMARY),
          bigint('hour_start_ms', PRIMARY),
          bigint('requests'),
          bigint('items'),
          bigint('refused'),
        ],
        indices: [{ name: 'usage_hour_hour_start_ms', columnNames: ['hour_start_ms'] }],
      }),
    );
    await queryRunner.createTable(
      new Table({
        name: 'usage_day',
        columns: [
          varchar('principal_id', 64, PRIMARY),
          varchar('model', 200, PRIMARY),
          bigint('day_start_ms', PRIMARY),
          bigint('requests'),
          bigint('items'),
          bigint('refused'),
        ],
        indices: [{ name: 'usage_day_day_start_ms', columnNames: ['day_start_ms'] }],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('usage_day');
    await queryRunner.dropTable('usage_hour');
  }
}

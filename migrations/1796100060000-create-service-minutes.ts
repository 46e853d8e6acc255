import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Table } from 'typeorm';
import { NULLABLE, PRIMARY, bigint, text, varchar } from './columns.js';

/** Figures by the minute, so that the overview needs no Prometheus. */
export class CreateServiceMinutes1796100060000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: 'service_minute',
        columns: [
          bigint('minute_start_ms', PRIMARY),
          varchar('instance', 64, PRIMARY),
          varchar('protocol', 20, PRIMARY),
          varchar('model', 200, PRIMARY),
          bigint('requests'),
          bigint('items'),
          text('errors'),
          text('durations'),
          bigint('batches'),
          bigint('batch_items'),
          bigint('batch_items_max'),
          bigint('queue_items_max'),
          bigint('queue_age_ms_max'),
          bigint('replicas_ready_min', NULLABLE),
        ],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('service_minute');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Table } from 'typeorm';
import { NULLABLE, PRIMARY, bigint, text, varchar } from './columns.js';

/** Which models should be served: one row a version; a row never changes but for when it was first served. */
export class CreateDesiredModels1795515000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: 'desired_models',
        columns: [
          bigint('version', PRIMARY),
          text('models'),
          varchar('source', 20),
          bigint('created_at_ms'),
          varchar('created_by', 200),
          varchar('created_by_name', 400),
          varchar('note', 500),
          bigint('served_at_ms', NULLABLE),
        ],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('desired_models');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Table } from 'typeorm';
import { PRIMARY, bigint, text, varchar } from './columns.js';

/** Inputs of requests, for tokens whose owner has them stored; and which tokens these are. */
export class StoreRequests1796130060000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE access_token ADD COLUMN stores_inputs bigint');
    await queryRunner.createTable(
      new Table({
        name: 'stored_request',
        columns: [
          varchar('id', 64, PRIMARY),
          varchar('trace_id', 32),
          varchar('request_id', 128),
          varchar('principal_id', 64),
          varchar('operation', 60),
          varchar('model', 200),
          bigint('started_at_ms'),
          bigint('items'),
          bigint('bytes'),
          text('content'),
        ],
        indices: [
          { name: 'stored_request_started_at_ms', columnNames: ['started_at_ms', 'bytes'] },
          { name: 'stored_request_principal_id', columnNames: ['principal_id', 'bytes'] },
          { name: 'stored_request_trace_id', columnNames: ['trace_id'] },
          { name: 'stored_request_request_id', columnNames: ['request_id'] },
        ],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('stored_request');
    await queryRunner.query('ALTER TABLE access_token DROP COLUMN stores_inputs');
  }
}

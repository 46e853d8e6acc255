import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Table } from 'typeorm';
import { NULLABLE, PRIMARY, bigint, text, varchar } from './columns.js';

/** Finished requests and batches whose traces are kept for a while. */
export class CreateTraces1796083200000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: 'request_trace',
        columns: [
          varchar('id', 64, PRIMARY),
          varchar('trace_id', 32),
          varchar('span_id', 16),
          varchar('request_id', 128),
          varchar('pod', 253),
          bigint('started_at_ms'),
          bigint('duration_us'),
          varchar('protocol', 20),
          varchar('operation', 60),
          varchar('model', 200, NULLABLE),
          varchar('outcome', 60),
          varchar('principal_id', 64),
          bigint('items'),
          varchar('kept', 20),
          bigint('bytes'),
          text('detail'),
        ],
        indices: [
          { name: 'request_trace_started_at_ms', columnNames: ['started_at_ms', 'bytes'] },
          { name: 'request_trace_principal_id', columnNames: ['principal_id', 'started_at_ms'] },
          { name: 'request_trace_outcome', columnNames: ['outcome', 'started_at_ms'] },
          { name: 'request_trace_trace_id', columnNames: ['trace_id'] },
          { name: 'request_trace_request_id', columnNames: ['request_id'] },
          { name: 'request_trace_duration_us', columnNames: ['duration_us'] },
        ],
      }),
    );
    await queryRunner.createTable(
      new Table({
        name: 'batch_trace',
        columns: [varchar('id', 64, PRIMARY), bigint('started_at_ms'), bigint('bytes'), text('detail')],
        indices: [{ name: 'batch_trace_started_at_ms', columnNames: ['started_at_ms', 'bytes'] }],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('batch_trace');
    await queryRunner.dropTable('request_trace');
  }
}

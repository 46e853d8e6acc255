import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Table } from 'typeorm';
import { NULLABLE, PRIMARY, bigint, text, varchar } from './columns.js';

/** What every process says of itself, and what it is asked to do. */
export class CreatePods1796100000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: 'pod',
        columns: [
          varchar('name', 253, PRIMARY),
          varchar('instance', 64),
          varchar('host', 253),
          bigint('pid'),
          varchar('version', 40),
          varchar('roles', 100),
          bigint('started_at_ms'),
          bigint('reported_at_ms'),
          text('report'),
        ],
        indices: [{ name: 'pod_reported_at_ms', columnNames: ['reported_at_ms'] }],
      }),
    );
    await queryRunner.createTable(
      new Table({
        name: 'pod_command',
        columns: [
          varchar('id', 64, PRIMARY),
          varchar('pod', 253),
          varchar('kind', 60),
          text('arguments'),
          varchar('asked_by_id', 200),
          varchar('asked_by_name', 400),
          bigint('asked_at_ms'),
          bigint('taken_at_ms', NULLABLE),
          bigint('ended_at_ms', NULLABLE),
          varchar('outcome', 60, NULLABLE),
          text('answer', NULLABLE),
        ],
        indices: [
          { name: 'pod_command_pod', columnNames: ['pod', 'taken_at_ms'] },
          { name: 'pod_command_asked_at_ms', columnNames: ['asked_at_ms'] },
        ],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('pod_command');
    await queryRunner.dropTable('pod');
  }
}

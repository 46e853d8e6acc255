import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Table } from 'typeorm';
import { PRIMARY, bigint, varchar } from './columns.js';

/** What all processes share of the limits: granted windows, and leases on what is in flight. */
export class CreateLimits1795514880000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: 'limit_window',
        columns: [
          varchar('subject', 64, PRIMARY),
          varchar('limit_name', 40, PRIMARY),
          bigint('window_start_ms', PRIMARY),
          bigint('granted'),
        ],
        indices: [{ name: 'limit_window_window_start_ms', columnNames: ['window_start_ms'] }],
      }),
    );
    await queryRunner.createTable(
      new Table({
        name: 'limit_lease',
        columns: [
          varchar('subject', 64, PRIMARY),
          varchar('holder', 64, PRIMARY),
          bigint('amount'),
          bigint('expires_at_ms'),
        ],
        indices: [{ name: 'limit_lease_expires_at_ms', columnNames: ['expires_at_ms'] }],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('limit_lease');
    await queryRunner.dropTable('limit_window');
  }
}

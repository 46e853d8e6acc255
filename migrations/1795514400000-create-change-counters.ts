import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Table } from 'typeorm';
import { PRIMARY, bigint, varchar } from './columns.js';

/** Counters whose row lock puts changes in the order of their commits. */
export class CreateChangeCounters1795514400000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: 'change_counter',
        columns: [varchar('name', 40, PRIMARY), bigint('value')],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('change_counter');
  }
}

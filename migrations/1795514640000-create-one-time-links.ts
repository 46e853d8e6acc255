import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Table } from 'typeorm';
import { NULLABLE, PRIMARY, bigint, varchar } from './columns.js';

/** Links to set up, to accept an invitation and to choose a new password. */
export class CreateOneTimeLinks1795514640000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: 'one_time_link',
        columns: [
          varchar('id', 64, PRIMARY),
          varchar('purpose', 20),
          varchar('secret_sha256', 64),
          varchar('account_id', 64, NULLABLE),
          bigint('created_at_ms'),
          bigint('expires_at_ms'),
          bigint('used_at_ms', NULLABLE),
        ],
        indices: [
          { name: 'one_time_link_secret_sha256', columnNames: ['secret_sha256'], isUnique: true },
          { name: 'one_time_link_account_id', columnNames: ['account_id'] },
        ],
        foreignKeys: [
          {
            name: 'one_time_link_account',
            columnNames: ['account_id'],
            referencedTableName: 'account',
            referencedColumnNames: ['id'],
            onDelete: 'CASCADE',
          },
        ],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('one_time_link');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Table } from 'typeorm';
import { PRIMARY, bigint, varchar } from './columns.js';

/** Sessions go with their account. */
export class CreateAccountSessions1795514580000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: 'account_session',
        columns: [
          varchar('id', 64, PRIMARY),
          varchar('account_id', 64),
          varchar('secret_sha256', 64),
          bigint('created_at_ms'),
          bigint('last_seen_at_ms'),
          bigint('expires_at_ms'),
          varchar('from_address', 100),
          varchar('user_agent', 500),
        ],
        indices: [
          { name: 'account_session_account_id', columnNames: ['account_id'] },
          { name: 'account_session_secret_sha256', columnNames: ['secret_sha256'], isUnique: true },
          { name: 'account_session_expires_at_ms', columnNames: ['expires_at_ms'] },
        ],
        foreignKeys: [
          {
            name: 'account_session_account',
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
    await queryRunner.dropTable('account_session');
  }
}

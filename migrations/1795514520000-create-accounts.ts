import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Table } from 'typeorm';
import { NULLABLE, PRIMARY, bigint, varchar } from './columns.js';

/** `account_oidc` lets many accounts have no single sign-on: NULLs differ from each other on both databases. */
export class CreateAccounts1795514520000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: 'account',
        columns: [
          varchar('id', 64, PRIMARY),
          varchar('email', 320),
          varchar('name', 200),
          varchar('role', 20),
          varchar('password_hash', 500, NULLABLE),
          varchar('oidc_issuer', 500, NULLABLE),
          varchar('oidc_subject', 255, NULLABLE),
          bigint('disabled_at_ms', NULLABLE),
          bigint('created_at_ms'),
          bigint('last_login_at_ms', NULLABLE),
        ],
        indices: [
          { name: 'account_email', columnNames: ['email'], isUnique: true },
          { name: 'account_oidc', columnNames: ['oidc_issuer', 'oidc_subject'], isUnique: true },
        ],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('account');
  }
}

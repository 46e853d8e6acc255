import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Table } from 'typeorm';
import { NULLABLE, PRIMARY, bigint, text, varchar } from './columns.js';

/** `owner_id` is no foreign key: a token outlives its account, revoked, so that the audit trail still finds it. */
export class CreateAccessTokens1795514460000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: 'access_token',
        columns: [
          varchar('id', 64, PRIMARY),
          varchar('lookup', 12),
          varchar('secret_sha256', 64),
          varchar('previous_secret_sha256', 64, NULLABLE),
          bigint('previous_valid_until_ms', NULLABLE),
          varchar('name', 100),
          varchar('owner_id', 64, NULLABLE),
          text('scopes'),
          text('models', NULLABLE),
          text('limits'),
          bigint('created_at_ms'),
          varchar('created_by', 200),
          bigint('expires_at_ms', NULLABLE),
          bigint('revoked_at_ms', NULLABLE),
          bigint('change_seq'),
          bigint('last_used_at_ms', NULLABLE),
          varchar('last_used_from', 100, NULLABLE),
          varchar('last_used_protocol', 20, NULLABLE),
          varchar('last_used_model', 200, NULLABLE),
        ],
        indices: [
          { name: 'access_token_lookup', columnNames: ['lookup'], isUnique: true },
          { name: 'access_token_owner_id', columnNames: ['owner_id'] },
          { name: 'access_token_change_seq', columnNames: ['change_seq'] },
        ],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('access_token');
  }
}

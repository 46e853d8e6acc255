import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Table } from 'typeorm';
import { NULLABLE, PRIMARY, bigint, text, varchar } from './columns.js';

/** The audit trail; `seq` comes from the counter `audit`, not from a sequence, which would leave gaps. */
export class CreateAuditEvents1795514700000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: 'audit_event',
        columns: [
          bigint('seq', PRIMARY),
          bigint('at_ms'),
          varchar('actor_kind', 20),
          varchar('actor_id', 200),
          varchar('actor_name', 400),
          varchar('action', 60),
          varchar('target_kind', 40),
          varchar('target_id', 200),
          varchar('target_name', 400),
          text('before', NULLABLE),
          text('after', NULLABLE),
          varchar('from_address', 100, NULLABLE),
          varchar('previous_hash', 64),
          varchar('hash', 64),
        ],
        indices: [
          { name: 'audit_event_at_ms', columnNames: ['at_ms'] },
          { name: 'audit_event_actor_id', columnNames: ['actor_id'] },
          { name: 'audit_event_target_id', columnNames: ['target_id'] },
        ],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('audit_event');
  }
}

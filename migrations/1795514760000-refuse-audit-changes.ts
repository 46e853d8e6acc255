import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The database itself refuses to change or delete an audit event. Triggers have no portable form, so there is one text
 * for each database. Whoever may alter the schema can still drop them; the hash chain is what shows that.
 */
export class RefuseAuditChanges1795514760000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of isPostgres(queryRunner) ? POSTGRES_UP : SQLITE_UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of isPostgres(queryRunner) ? POSTGRES_DOWN : SQLITE_DOWN) await queryRunner.query(statement);
  }
}

const REFUSAL = 'audit events are append-only';

/** INSERT OR REPLACE deletes without asking the trigger of DELETE, so there is one for it. */
const SQLITE_UP = [
  `CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event
   WHEN EXISTS (SELECT 1 FROM audit_event WHERE seq = NEW.seq) BEGIN SELECT RAISE(ABORT, '${REFUSAL}'); END`,
  `CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, '${REFUSAL}'); END`,
  `CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, '${REFUSAL}'); END`,
];

const SQLITE_DOWN = ['no_delete', 'no_update', 'no_replace'].map((name) => `DROP TRIGGER audit_event_${name}`);

/** By statement and not by row: TRUNCATE has no rows, and an UPDATE that meets none is refused as well. */
const POSTGRES_UP = [
  `CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
   $$ BEGIN RAISE EXCEPTION '${REFUSAL}'; END $$`,
  `CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
   FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()`,
];

const POSTGRES_DOWN = ['DROP TRIGGER audit_event_append_only ON audit_event', 'DROP FUNCTION refuse_audit_change()'];

function isPostgres(queryRunner: QueryRunner): boolean {
  return queryRunner.dataSource.options.type === 'postgres';
}

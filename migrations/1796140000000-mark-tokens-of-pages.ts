import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a token is for that the service made for a page of its own; null for those that people made. TypeORM would copy
 * the whole table on SQLite for a column more; both databases add one in no time.
 */
export class MarkTokensOfPages1796140000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE access_token ADD COLUMN purpose varchar(20)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE access_token DROP COLUMN purpose');
  }
}

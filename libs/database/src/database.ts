import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { openSqliteWriter, postgresSource, sqliteReader } from './data-sources.js';
import { turnOfEventLoop } from './event-loop-turns.js';
import { databaseFailure, isUnreachable } from './failures.js';
import { type DatabaseLocation, type DatabaseOptions, locate } from './location.js';
import { migrateUp } from './migrate.js';
import { withMigrationSession } from './migration-session.js';
import { SqliteFileGuard } from './sqlite-file-guard.js';
import { takeWriteLock } from './locks.js';

/**
 * The database of the service: SQLite in the data folder, or PostgreSQL. Everything reads by `read` and writes by
 * `transaction`; both fail with `unavailable` while the database is out of reach and work again when it is back.
 */
export class Database {
  /** The end of the last transaction of SQLite. The next one starts there. */
  private last: Promise<unknown> = Promise.resolve();
  private readonly running = new Set<Promise<unknown>>();
  /** Set while the calling code runs inside of `read` or `transaction`. */
  private readonly inside = new AsyncLocalStorage<{ open: boolean }>();

  private constructor(
    readonly dialect: 'sqlite' | 'postgres',
    private readonly writer: DataSource,
    private readonly reader: DataSource,
    /** Notices that SQLite's files are no longer there; undefined with PostgreSQL. */
    private readonly files?: SqliteFileGuard,
  ) {}

  /**
   * Connects and brings the schema up to date, under a lock: any number of processes may start at once.
   *
   * @throws DomainError `invalid_argument` for a URL that is none of ours, `unavailable` when the database cannot be
   * opened (naming the setting, never the password), `conflict` when a newer version has migrated it
   */
  static async open(options: DatabaseOptions): Promise<Database> {
    const location = locate(options);
    return withMigrationSession(location, async (queryRunner) => {
      await migrateUp(queryRunner);
      return Database.connect(location);
    });
  }

  /**
   * Runs reads on one connection, and returns what `work` returns. It sees nothing of a transaction before its commit.
   *
   * @example const tokens = await database.read((manager) => manager.find(AccessTokenEntity));
   */
  async read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.alone(() => this.onRunner(this.reader, (queryRunner) => work(queryRunner.manager)));
  }

  /**
   * Runs `work` as one transaction, the only way to write: committed when it resolves, rolled back when it rejects.
   * SQLite runs one at a time and takes the write lock first; PostgreSQL runs each on a connection of its own at its
   * default level, read committed. Inside of it use the given manager only, wait for nothing but the database, and let
   * the first statement that fails end it (PostgreSQL runs none after that).
   *
   * @throws Error when called inside of another `read` or `transaction`, which could wait for itself for ever
   */
  async transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.alone(() => {
      const run = (): Promise<T> => this.onRunner(this.writer, (queryRunner) => this.commit(queryRunner, work));
      if (this.dialect === 'postgres') return run();
      const turn = this.last.then(run);
      this.last = turn.catch(() => undefined);
      return turn;
    });
  }

  /** Waits for what runs, then closes every connection. A second call does nothing. */
  async close(): Promise<void> {
    await Promise.allSettled(this.running);
    if (!this.writer.isInitialized) return;
    if (this.reader !== this.writer) await this.reader.destroy();
    await this.writer.destroy();
  }

  private static async connect(location: DatabaseLocation): Promise<Database> {
    if (location.dialect === 'postgres') {
      const pool = await postgresSource(location).initialize();
      return new Database('postgres', pool, pool);
    }
    const writer = await openSqliteWriter(location);
    try {
      const reader = await sqliteReader(location).initialize();
      return new Database('sqlite', writer, reader, new SqliteFileGuard(location.file));
    } catch (err) {
      await writer.destroy();
      throw err;
    }
  }

  private async alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.inside.getStore()?.open === true) {
      throw new Error('Inside of Database.read or Database.transaction use the manager that it gave.');
    }
    const scope = { open: true };
    const running = this.inside.run(scope, work);
    this.running.add(running);
    try {
      return await running;
    } catch (err) {
      throw databaseFailure(err);
    } finally {
      this.running.delete(running);
      // Work that was started inside and goes on later (a timer) is outside now.
      scope.open = false;
    }
  }

  private async onRunner<T>(source: DataSource, work: (queryRunner: QueryRunner) => Promise<T>): Promise<T> {
    // Reading a long table page by page must not hold up everything else.
    if (this.dialect === 'sqlite') await turnOfEventLoop();
    this.files?.requireSame();
    const queryRunner = source.createQueryRunner();
    try {
      return await work(queryRunner);
    } catch (err) {
      if (this.dialect === 'postgres' && isUnreachable(err)) await discardConnection(queryRunner);
      throw err;
    } finally {
      // SQLite has one query runner for good; its release does nothing.
      await queryRunner.release();
    }
  }

  private async commit<T>(queryRunner: QueryRunner, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    await queryRunner.startTransaction();
    try {
      if (this.dialect === 'sqlite') await takeWriteLock(queryRunner, 'change_counter');
      const result = await work(queryRunner.manager);
      await queryRunner.commitTransaction();
      return result;
    } catch (err) {
      // A connection that was lost cannot roll back, and `onRunner` drops it.
      const lost = this.dialect === 'postgres' && isUnreachable(err);
      if (!lost) await queryRunner.rollbackTransaction().catch(() => undefined);
      throw err;
    }
  }
}

/**
 * Ends a connection in an unknown state (a statement may still run on it), so that the pool does not hand it out again;
 * the server rolls its transaction back.
 */
async function discardConnection(queryRunner: QueryRunner): Promise<void> {
  if (queryRunner.isReleased) return;
  const client: unknown = await queryRunner.connect().catch(() => undefined);
  if (client instanceof pg.Client) void client.end().catch(() => undefined);
}

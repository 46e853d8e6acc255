import SqliteConnection from 'better-sqlite3-13';
import { type DataSourceOptions, DataSource } from 'typeorm';
import { whileBusy, WRITE_LOCK_WAIT_MS_MAX } from './locks.js';
import { SnakeCaseColumns } from './columns.js';
import { ENTITIES } from './entities/index.js';
import { EventLoopTurns } from './event-loop-turns.js';
import type { PostgresLocation, SqliteLocation } from './location.js';

/** Connections of one process to PostgreSQL: ten pods stay under the server's default of 100. */
const POSTGRES_CONNECTIONS_MAX = 10;
const CONNECT_MS_MAX = 5_000;
/** The server ends a statement after this time … */
const STATEMENT_MS_MAX = 10_000;
/** … and the client gives up later, for a server that answers nothing any more. */
const ANSWER_MS_MAX = 15_000;
/** A process that stops in the middle of a transaction holds its locks no longer than this. */
const IDLE_IN_TRANSACTION_MS_MAX = 30_000;
/** How long a read waits, rarely, while another process recovers the write-ahead log after a crash. */
const SQLITE_READ_WAIT_MS_MAX = 5_000;

const COMMON = { entities: ENTITIES, namingStrategy: new SnakeCaseColumns(), logging: false } as const;
/**
 * The driver is given, since TypeORM would look for a better-sqlite3 of the version that it knows, 12, which has to be
 * compiled. The other name in package.json keeps npm from installing that one too.
 */
const SQLITE = {
  ...COMMON,
  type: 'better-sqlite3' as const,
  driver: SqliteConnection,
  subscribers: [EventLoopTurns],
};

/** The pool of connections for everything but migrations. */
export function postgresSource(location: PostgresLocation): DataSource {
  return new DataSource(
    postgresOptions(location, {
      max: POSTGRES_CONNECTIONS_MAX,
      statement_timeout: STATEMENT_MS_MAX,
      query_timeout: ANSWER_MS_MAX,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS_MAX,
    }),
  );
}

/** One connection without a limit on the time of a statement: an index on a large table takes minutes. */
export function postgresMigrationSource(location: PostgresLocation): DataSource {
  return new DataSource(postgresOptions(location, { max: 1 }));
}

/**
 * Opens the one connection that writes. It never waits for a lock by itself, since better-sqlite3 would block the whole
 * process meanwhile: `takeWriteLock` waits for writers, and this function waits while another process recovers the
 * write-ahead log.
 */
export function openSqliteWriter(location: SqliteLocation): Promise<DataSource> {
  return whileBusy(WRITE_LOCK_WAIT_MS_MAX, () => sqliteWriter(location).initialize());
}

function sqliteWriter(location: SqliteLocation): DataSource {
  return new DataSource({
    ...SQLITE,
    database: location.file,
    timeout: 0,
    enableWAL: true,
    prepareDatabase: (connection: PragmaTarget) => {
      // In WAL mode NORMAL cannot corrupt the file; a power cut may cost the last commits.
      connection.pragma('synchronous = NORMAL');
    },
  });
}

/** A second connection for reads, so that none sees what an open transaction has not committed. */
export function sqliteReader(location: SqliteLocation): DataSource {
  return new DataSource({
    ...SQLITE,
    database: location.file,
    timeout: SQLITE_READ_WAIT_MS_MAX,
    readonly: true,
  });
}

interface PragmaTarget {
  pragma(sql: string): unknown;
}

function postgresOptions(location: PostgresLocation, pool: Record<string, number>): DataSourceOptions {
  return {
    ...COMMON,
    type: 'postgres',
    connectTimeoutMS: CONNECT_MS_MAX,
    applicationName: 'clip-as-service',
    installExtensions: false,
    parseInt8: true,
    // The pool has dropped the lost connection already; without a handler the process would end.
    poolErrorHandler: () => undefined,
    // pg reads the URL itself (TypeORM would lose sslmode and the like).
    extra: { connectionString: location.url, keepAlive: true, ...pool },
  };
}

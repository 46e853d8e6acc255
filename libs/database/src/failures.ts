import { DomainError, thrownText } from '#core';
import { QueryFailedError, QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';

/**
 * After how many milliseconds a caller may try again when the database was out of reach: a restart takes about as long.
 */
const RETRY_AFTER_MS = 1000;

/**
 * The error with which `read` and `transaction` reject instead of `thrown`: `unavailable` for a database that is out of
 * reach, and `invalid_argument` for a text that the database cannot hold, since what callers send is looked up as they
 * send it. A statement that failed gives the same error without its values, since errors are logged whole and values
 * may be secret.
 */
export function databaseFailure(thrown: unknown): unknown {
  if (isUnreachable(thrown)) {
    return new DomainError(
      'unavailable',
      'The database cannot be reached at the moment. Try again shortly; if it lasts, the operator should look at it.',
      { internal: `database: ${reasonOf(thrown)}`, retryAfterMs: RETRY_AFTER_MS },
    );
  }
  if (!(thrown instanceof QueryFailedError)) return thrown;
  if (codeOf(thrown) === CHARACTER_REFUSED) {
    return new DomainError('invalid_argument', 'A text of the request holds a NUL character, which cannot be stored.');
  }
  const cause = Object.assign(new Error(reasonOf(thrown)), { code: codeOf(thrown) });
  return new QueryFailedError(thrown.query, undefined, cause);
}

/** PostgreSQL's SQLSTATE for a text with NUL in it. SQLite takes such a text. */
const CHARACTER_REFUSED = '22021';

/** Whether another connection of SQLite holds the lock that a statement needs. */
export function isBusy(thrown: unknown): boolean {
  return codeOf(thrown).startsWith('SQLITE_BUSY');
}

/** Whether SQLite finds a file damaged or no database at all. */
export function isDamage(thrown: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(thrown));
}

/** Whether the fault lies with the connection, the server or the disk and not with the statement. */
export function isUnreachable(thrown: unknown): boolean {
  if (thrown instanceof DomainError) return false;
  if (LOST.some((lost) => thrown instanceof lost)) return true;
  return failedToConnect(thrown) || UNREACHABLE_CODES.test(codeOf(thrown)) || UNREACHABLE_TEXTS.test(reasonOf(thrown));
}

/** The message of the driver: neither PostgreSQL nor SQLite puts values or passwords there. */
export function reasonOf(thrown: unknown): string {
  // An address with two families fails with an AggregateError that has no text of its own.
  if (thrown instanceof AggregateError && thrown.message === '') return thrown.errors.map(reasonOf).join('; ');
  return thrownText(thrown);
}

/**
 * Errors of the network; SQLSTATE 08 connection, 28 refused login, 3D no such database, 53 out of resources, 57 shut
 * down or timed out, 58 system error, 25006 a standby that cannot write, 25P03 idle for too long in a transaction, 40 a
 * conflict that a retry resolves (https://www.postgresql.org/docs/current/errcodes-appendix.html); SQLite's lock, disk
 * and permission errors (https://www.sqlite.org/rescode.html).
 */
const UNREACHABLE_CODES = new RegExp(
  '^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|E(HOST|NET)(UNREACH|DOWN)|ENOTFOUND|EAI_AGAIN|' +
    '(08|28|3D|53|57|58|40)[0-9A-Z]{3}|25006|25P03|SQLITE_(BUSY|LOCKED|IOERR|FULL|READONLY|CANTOPEN).*)$',
);

/** TypeORM's errors for a connection that was lost between two statements. */
const LOST = [QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError];

/** pg's messages that come without a code. */
const UNREACHABLE_TEXTS =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|is not queryable|after calling end|Driver not Connected/;

/** Such as the missing file of a Unix socket, whose code alone (ENOENT) says nothing. */
function failedToConnect(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && 'syscall' in thrown && thrown.syscall === 'connect';
}

function codeOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return '';
  if (thrown instanceof QueryFailedError) return codeOf(thrown.driverError);
  if (thrown instanceof AggregateError) return codeOf(thrown.errors[0]);
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}

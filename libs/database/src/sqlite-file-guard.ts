import { statSync, type BigIntStats } from 'node:fs';
import { DomainError } from '#core';

/** Looks at a file; undefined when there is none. */
export type LookAtFile = (file: string) => Pick<BigIntStats, 'dev' | 'ino'> | undefined;

/**
 * Notices that the files of an open SQLite database were deleted, moved or replaced. SQLite goes on with the files that
 * it has open, so everything seems well, and all that is written is lost with the process. A check costs some
 * microseconds, so each read and write can begin with one.
 */
export class SqliteFileGuard {
  private readonly found = new Map<string, Pick<BigIntStats, 'dev' | 'ino'>>();

  /** @param file the database, which is open by now; its write-ahead log lies beside it */
  constructor(
    private readonly file: string,
    private readonly look: LookAtFile = lookAt,
  ) {}

  /**
   * Remembers the files at the first call, and passes for as long as they are the same. Files that were moved away and
   * are back are the same.
   *
   * @throws DomainError `unavailable` when they are not
   */
  requireSame(): void {
    for (const file of [this.file, `${this.file}-wal`]) {
      const now = this.look(file);
      const before = this.found.get(file);
      if (before === undefined) {
        if (now !== undefined) this.found.set(file, now);
      } else if (now?.ino !== before.ino || now.dev !== before.dev) {
        throw gone(`${file} was ${now === undefined ? 'deleted or moved' : 'replaced'} while the database is open`);
      }
    }
  }
}

function gone(internal: string): DomainError {
  return new DomainError(
    'unavailable',
    'A file of the database was deleted, moved or replaced while the service runs, so nothing is read or written any more. ' +
      'The operator has to put it back, or to restore a back-up and restart the service.',
    { internal: `database: ${internal}` },
  );
}

function lookAt(file: string): BigIntStats | undefined {
  return statSync(file, { bigint: true, throwIfNoEntry: false });
}

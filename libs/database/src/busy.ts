import { sleep, systemClock } from '#core';
import { isBusy } from './failures.js';

const BETWEEN_ATTEMPTS_MS = 10;

/**
 * Runs `work` again and again, without blocking this process, while another connection of SQLite holds the lock that it needs.
 * `work` must leave nothing behind when it fails.
 *
 * @param waitMsMax how long others may hold the lock, in milliseconds of waiting
 * @throws what `work` threw last: SQLITE_BUSY when the lock was held all the time
 */
export async function whileBusy<T>(waitMsMax: number, work: () => T | Promise<T>): Promise<T> {
  for (let waitedMs = 0; ; waitedMs += BETWEEN_ATTEMPTS_MS) {
    try {
      return await work();
    } catch (err) {
      if (!isBusy(err) || waitedMs >= waitMsMax) throw err;
      await sleep(systemClock, BETWEEN_ATTEMPTS_MS);
    }
  }
}

import { expect } from 'vitest';
import type { Database } from '#database';

/** Waits until this many connections of a PostgreSQL database wait for a lock. */
export async function lockWaits(database: Database, count: number): Promise<void> {
  const waiting = `SELECT count(*)::int AS count FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  await expect
    .poll(() => database.read((manager) => manager.query<{ count: number }[]>(waiting)), { timeout: 10_000 })
    .toEqual([{ count }]);
}

/** A transaction that did `first` and keeps its locks until `end`, which does `last` and waits for the commit. */
export async function heldTransaction(
  database: Database,
  first: Parameters<Database['transaction']>[0],
  last: Parameters<Database['transaction']>[0] = () => Promise.resolve(),
): Promise<{ end(): Promise<void> }> {
  const [locked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const done = database.transaction(async (manager) => {
    await first(manager);
    locked.resolve();
    await released.promise;
    await last(manager);
  });
  await Promise.race([locked.promise, done]);
  return {
    end: () => {
      released.resolve();
      return done;
    },
  };
}

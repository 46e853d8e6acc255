import type { EntityManager } from 'typeorm';

/**
 * What to add to a `find…` in a transaction that reads a row to change it: `{ where, ...forUpdate(manager) }`. PostgreSQL
 * then holds the row against other transactions until this one ends; SQLite has no such lock and needs none, since a
 * transaction there has the whole database to itself.
 */
export function forUpdate(manager: EntityManager): { lock?: { mode: 'pessimistic_write' } } {
  return manager.dataSource.options.type === 'postgres' ? { lock: { mode: 'pessimistic_write' } } : {};
}

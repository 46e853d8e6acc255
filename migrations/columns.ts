import type { TableColumnOptions } from 'typeorm';

/** The column kinds that SQLite and PostgreSQL both know; a migration never looks at the entities, which move on. */

export function varchar(name: string, length: number, more: Partial<TableColumnOptions> = {}): TableColumnOptions {
  return { name, type: 'varchar', length: String(length), ...more };
}

export function text(name: string, more: Partial<TableColumnOptions> = {}): TableColumnOptions {
  return { name, type: 'text', ...more };
}

export function bigint(name: string, more: Partial<TableColumnOptions> = {}): TableColumnOptions {
  return { name, type: 'bigint', ...more };
}

export const NULLABLE = { isNullable: true } as const;
export const PRIMARY = { isPrimary: true } as const;

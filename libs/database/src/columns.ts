import type { ColumnOptions } from 'typeorm';
import { DefaultNamingStrategy } from 'typeorm';

/** SQLite hands out a bigint column as a number, PostgreSQL as a string; every value of ours is a safe integer. */
const bigintAsNumber = {
  to: (value: unknown): unknown => value,
  from: (stored: unknown): number | null => {
    if (stored === null || stored === undefined) return null;
    const value = Number(stored);
    if (!Number.isSafeInteger(value)) throw new RangeError('A whole number in the database is too large.');
    return value;
  },
};

/** A whole number up to 2⁵³, such as milliseconds since 1970, for which 32 bits are too few. */
export const BIGINT = { type: 'bigint', transformer: bigintAsNumber } as const satisfies ColumnOptions;

export const BIGINT_OR_NULL = { ...BIGINT, nullable: true } as const satisfies ColumnOptions;

/** Unbounded text, JSON included: SQLite has no JSON type, and no query of ours looks inside. */
export const TEXT = { type: 'text' } as const satisfies ColumnOptions;

export const TEXT_OR_NULL = { type: 'text', nullable: true } as const satisfies ColumnOptions;

/** The length of an id (`randomUUID()`), with room for the fixed names that stand in for one. */
export const ID_LENGTH = 64;

/** Lower-case hexadecimal of 32 bytes. */
export const SHA256_LENGTH = 64;

export function varchar(length: number): { type: 'varchar'; length: number } {
  return { type: 'varchar', length };
}

export function varcharOrNull(length: number): { type: 'varchar'; length: number; nullable: true } {
  return { type: 'varchar', length, nullable: true };
}

/** `secretSha256` is `secret_sha256` in the database: names in SQL need no quotes then. */
export class SnakeCaseColumns extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? propertyName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  }
}

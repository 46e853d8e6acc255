import { DomainError } from '#core';

/** One of `count` equal workers; `index` from 0. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** The names of parts have five digits for it. */
const SHARDS_MAX = 99_999;
/** With this many files a shard the files are shared out whole, and nobody reads what is another's. */
const FILES_PER_SHARD = 4;
/** Otherwise the rows of every file are, in runs of this many. */
const BLOCK_ROWS = 64;

/**
 * Parses `i/n` with i from 0 to n - 1, as JOB_COMPLETION_INDEX counts.
 *
 * @throws DomainError `invalid_argument`
 */
export function parseShard(text: string): Shard {
  const [, index, count] = /^(\d{1,5})\/(\d{1,5})$/.exec(text.trim()) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (index !== undefined && shard.count >= 1 && shard.count <= SHARDS_MAX && shard.index < shard.count) return shard;
  throw new DomainError(
    'invalid_argument',
    `The shard is written i/n, such as 0/8 for the first of eight, with i from 0 to n - 1; "${text.slice(0, 30)}" is not.`,
  );
}

/**
 * Which rows of the table at place `table` of `tables` are a shard's; undefined when none are. Depends on nothing but
 * the places, so that every worker knows it alone, and every row has one owner.
 */
export function rowsOfShard(
  { index, count }: Shard,
  table: number,
  tables: number,
): ((row: number) => boolean) | undefined {
  if (tables >= count * FILES_PER_SHARD) return table % count === index ? () => true : undefined;
  return (row) => (Math.floor(row / BLOCK_ROWS) + table) % count === index;
}

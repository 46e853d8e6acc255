import { groups } from './contents.js';

/** Texts of one `session.run`. */
export interface TokenBatch {
  /** Row after row, each `length` long. */
  readonly ids: readonly number[];
  /** 1 where a token is, 0 where a row was filled up. */
  readonly mask: readonly number[];
  readonly length: number;
}

/**
 * Batches of rows of like length, each filled up to the longest of its batch: as the service groups them, so that
 * neither runs more padding.
 */
export function tokenBatches(rows: readonly (readonly number[])[], batch: number): TokenBatch[] {
  const byLength = rows.toSorted((a, b) => a.length - b.length);
  return groups(byLength, batch).map((group) => {
    const length = Math.max(...group.map((row) => row.length));
    return {
      ids: group.flatMap((row) => [...row, ...Array<number>(length - row.length).fill(0)]),
      mask: group.flatMap((row) => Array.from({ length }, (_, at) => Number(at < row.length))),
      length,
    };
  });
}

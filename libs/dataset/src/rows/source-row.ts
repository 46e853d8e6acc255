import type { DomainError, EncodeItem } from '#core';

/** One row of a data set: what is to be encoded, or why it cannot be. */
export type RowContent = { readonly item: EncodeItem } | { readonly error: DomainError };

/** One row as a source gives it. */
export interface SourceRow {
  /** Place in its table, from 0; the same in every run over the same files. */
  readonly row: number;
  /** What the output calls it: a path, a webdataset key, the value of the id field, or `file:row`. */
  readonly id: string;
  readonly content: RowContent;
}

/** Rows that belong together and are read in order: one file of many rows, or a whole folder of pictures. */
export interface SourceTable {
  /** Path under the source, `/` between its parts; empty for a folder that is itself the table. */
  readonly name: string;
  /** Size of the file in bytes; 0 where that is not known. */
  readonly bytes: number;
  /**
   * The rows that `isWanted`, in order. What is not wanted is skipped as cheaply as the format allows and never
   * decoded. Reads on only as fast as it is iterated.
   *
   * @throws DomainError `invalid_argument` when the file is damaged as a whole, or has no such field
   */
  rows(isWanted: (row: number) => boolean): AsyncIterable<SourceRow>;
}

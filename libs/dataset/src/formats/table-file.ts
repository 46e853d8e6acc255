import { posix } from 'node:path';
import { DomainError, thrownText } from '#core';
import type { FileStore, StoredFile } from '../files/file-store.js';
import type { ContentPlace, FetchImage } from '../rows/content.js';
import type { FieldChoice } from '../rows/field-choice.js';

/** A file of many rows with named fields, and how they are read. */
export interface TableFile {
  readonly store: FileStore;
  readonly file: StoredFile;
  readonly choice: FieldChoice;
  /** Unset: addresses of pictures are bad rows. */
  readonly fetchImage?: FetchImage | undefined;
}

/** Where values of its fields lead: paths are relative to the folder of the file. */
export function placeOf({ store, file, fetchImage }: TableFile): ContentPlace {
  return { store, folder: posix.dirname(file.name), fetchImage };
}

/** Whether a value can name a row. */
export function isName(value: unknown): value is string | number | bigint {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'bigint';
}

/** The name of a row that has none of its own. */
export function idOf({ name }: StoredFile, row: number): string {
  return `${name}:${row}`;
}

/** What a damaged file is: `problem` says which and how, such as `a.csv cannot be read to its end`. */
export function damaged(problem: string, thrown: unknown): DomainError {
  if (thrown instanceof DomainError) return thrown;
  return new DomainError('invalid_argument', `${problem} (${thrownText(thrown)}).`, { cause: thrown });
}

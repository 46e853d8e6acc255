import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { DomainError } from '#core';
import type { FileStore, StoredFile } from '../files/file-store.js';
import { badRow, contentOf } from '../rows/content.js';
import { chooseField, requireColumn } from '../rows/field-choice.js';
import type { SourceRow, SourceTable } from '../rows/source-row.js';
import { damaged, idOf, isName, placeOf, type TableFile } from './table-file.js';

/** Unpacked bytes that are read at once where the file lets a part of a row group be read (it has an offset index). */
const SLICE_BYTES = 16 * 2 ** 20;
/** A row group without an offset index is read whole; beyond this size it is refused rather than held. */
const ROW_GROUP_BYTES_MAX = 192 * 2 ** 20;

/**
 * A Parquet file of any compression. Only the columns that are needed are read, row group by row group, and of row
 * groups with an offset index only the pages on the way.
 */
export function parquetTable(source: TableFile): SourceTable {
  const { store, file, choice } = source;
  const place = placeOf(source);
  return {
    ...file,
    async *rows(isWanted) {
      const buffer = bufferOf(store, file);
      const metadata = await reading(file, () => parquetMetadataAsync(buffer));
      const names = parquetSchema(metadata).children.map(({ element }) => element.name);
      const field = chooseField(names, choice);
      if (choice.idField !== undefined) requireColumn(names, choice.idField);
      const columns = [...new Set([field.name, choice.idField ?? field.name])];
      for (const { start, end } of slicesOf(metadata, columns, file)) {
        if (!anyWanted(start, end, isWanted)) continue;
        const records = await reading(file, () =>
          parquetReadObjects({
            ...{ file: buffer, metadata, columns, compressors, rowStart: start, rowEnd: end },
            // Without it, columns of bytes would be read as if they were texts.
            ...{ utf8: false, useOffsetIndex: true },
          }),
        );
        for (const [at, record] of records.entries()) {
          const row = start + at;
          if (!isWanted(row)) continue;
          const id: unknown = choice.idField === undefined ? idOf(file, row) : record[choice.idField];
          const content = isName(id)
            ? await contentOf(field.kind, record[field.name], place)
            : badRow('invalid_argument', `The column ${choice.idField ?? ''} names no row.`);
          const named: SourceRow = { row, id: isName(id) ? String(id) : idOf(file, row), content };
          yield named;
        }
      }
    },
  };
}

interface Slice {
  readonly start: number;
  readonly end: number;
}

/** The ranges of rows that are read at once: row groups, or parts of them where the columns have an offset index. */
function* slicesOf(metadata: FileMetaData, columns: readonly string[], file: StoredFile): Generator<Slice> {
  let start = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    const chunks = group.columns.filter(({ meta_data }) => columns.includes(meta_data?.path_in_schema[0] ?? ''));
    const bytes = chunks.reduce((sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0), 0);
    const hasIndex = chunks.every(({ offset_index_offset }) => offset_index_offset !== undefined);
    if (!hasIndex && bytes > ROW_GROUP_BYTES_MAX) {
      throw new DomainError(
        'invalid_argument',
        `${file.name} has a row group with ${bytes} bytes to read at once; at most ${ROW_GROUP_BYTES_MAX} are. Write it with smaller row groups, or with a page index (pyarrow: write_page_index=True).`,
      );
    }
    const step = hasIndex && bytes > SLICE_BYTES ? Math.max(1, Math.floor((rows * SLICE_BYTES) / bytes)) : rows;
    for (let from = start; from < start + rows; from += step)
      yield { start: from, end: Math.min(from + step, start + rows) };
    start += rows;
  }
}

function anyWanted(start: number, end: number, isWanted: (row: number) => boolean): boolean {
  for (let row = start; row < end; row++) if (isWanted(row)) return true;
  return false;
}

function bufferOf(store: FileStore, { name, bytes }: StoredFile): AsyncBuffer {
  return {
    byteLength: bytes,
    slice: async (start, end = bytes) => {
      const read = await store.readRange(name, start < 0 ? bytes + start : start, Math.min(end, bytes));
      return Uint8Array.from(read).buffer;
    },
  };
}

async function reading<T>({ name }: StoredFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw damaged(`${name} cannot be read as Parquet`, thrown);
  }
}

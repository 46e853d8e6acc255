import { DomainError } from '#core';
import type { FileStore, StoredFile } from '../files/file-store.js';
import { openLocalFiles } from '../files/local-files.js';
import { openS3Files, type S3Options } from '../files/s3-files.js';
import type { FetchImage } from '../rows/content.js';
import type { FieldChoice } from '../rows/field-choice.js';
import type { SourceTable } from '../rows/source-row.js';
import { csvTable } from './csv-table.js';
import { type DatasetFormat, formatOfName, kindOfName } from './dataset-format.js';
import { type FolderPart, folderTable } from './folder-table.js';
import { jsonLinesTable, linesTable } from './line-tables.js';
import { parquetTable } from './parquet-table.js';
import { tarTable } from './tar-table.js';

/** What is read, and how. */
export interface SourceOptions extends S3Options, FieldChoice {
  /** A file or folder of this machine, or `s3://bucket/prefix`. */
  readonly source: string;
  /** Default: by the names of the files. */
  readonly format?: DatasetFormat | undefined;
  /** For folders of pictures and texts; default both. */
  readonly only?: FolderPart | undefined;
  readonly fetchImage?: FetchImage | undefined;
}

/** A data set that is open for reading. */
export interface DatasetSource {
  readonly format: DatasetFormat;
  /** The same in every run over the same files. */
  readonly tables: readonly SourceTable[];
  close(): Promise<void>;
}

/** Names of this many files decide what a folder holds. */
const LOOKED_AT = 10_000;

/**
 * Opens a source and lists its files; no row is read yet.
 *
 * @throws DomainError `not_found` when there is no such source; `invalid_argument` when it holds nothing to encode, or
 *   several formats at once
 */
export async function openSource(options: SourceOptions): Promise<DatasetSource> {
  const { source } = options;
  const store = /^s3:/i.test(source) ? await openS3Files(source, options) : await openLocalFiles(source);
  try {
    const format = options.format ?? (await guessFormat(store));
    const tables = format === 'folder' ? [folderTable(store, options.only)] : await tablesOf(store, format, options);
    return { format, tables, close: () => store.close() };
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
}

async function guessFormat(store: FileStore): Promise<DatasetFormat> {
  const found = new Set<DatasetFormat>();
  let [seen, texts] = [0, 0];
  for await (const { name } of store.list()) {
    const kind = kindOfName(name);
    const format = kind ? 'folder' : formatOfName(name);
    if (kind === 'text') texts += 1;
    if (format) found.add(format);
    seen += 1;
    if (seen >= LOOKED_AT) break;
  }
  const [format, another] = found;
  // The address of one text file: its lines are the rows.
  if (seen === 1 && texts === 1) return 'lines';
  if (format !== undefined && another === undefined) return format;
  throw new DomainError(
    'invalid_argument',
    format === undefined
      ? 'The source holds nothing that can be encoded: no pictures, .txt, .tar, .parquet, .jsonl or .csv files.'
      : `The source holds several kinds of files (${[...found].join(', ')}). Say with --format which of them to read.`,
  );
}

async function tablesOf(store: FileStore, format: DatasetFormat, options: SourceOptions): Promise<SourceTable[]> {
  const files: StoredFile[] = [];
  for await (const file of store.list()) files.push(file);
  const isOfFormat = ({ name }: StoredFile): boolean =>
    format === 'lines' ? kindOfName(name) === 'text' : formatOfName(name) === format;
  // One file may be called anything when the format was said.
  const chosen = files.length === 1 ? files : files.filter(isOfFormat);
  if (chosen.length === 0) throw new DomainError('invalid_argument', `The source holds no ${format} files.`);
  return chosen.map((file) => tableOf(store, file, format, options));
}

function tableOf(store: FileStore, file: StoredFile, format: DatasetFormat, options: SourceOptions): SourceTable {
  switch (format) {
    case 'folder':
      return folderTable(store, options.only);
    case 'tar':
      return tarTable(store, file, options);
    case 'parquet':
      return parquetTable({ store, file, choice: options, fetchImage: options.fetchImage });
    case 'jsonl':
      return jsonLinesTable({ store, file, choice: options, fetchImage: options.fetchImage });
    case 'csv':
      return csvTable({ store, file, choice: options, fetchImage: options.fetchImage });
    case 'lines':
      return linesTable(store, file);
  }
}

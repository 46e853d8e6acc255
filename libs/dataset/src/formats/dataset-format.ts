/** How a source holds its rows. */
export const DATASET_FORMATS = ['folder', 'tar', 'parquet', 'jsonl', 'csv', 'lines'] as const;

export type DatasetFormat = (typeof DATASET_FORMATS)[number];

const EXTENSIONS: Readonly<Record<string, DatasetFormat>> = {
  tar: 'tar',
  tgz: 'tar',
  parquet: 'parquet',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  csv: 'csv',
  tsv: 'csv',
};

const IMAGE_NAME = /\.(jpe?g|png|webp|gif|bmp|tiff?|avif)$/i;
const TEXT_NAME = /\.txt$/i;

/** The format of a file of many rows, by its name; undefined for others. `.gz` and `.zst` may follow. */
export function formatOfName(name: string): DatasetFormat | undefined {
  const [, extension = ''] = /\.([a-z0-9]+)$/i.exec(name.replace(/\.(gz|zst)$/i, '')) ?? [];
  return EXTENSIONS[extension.toLowerCase()];
}

/** What a single file is, by its name. */
export function kindOfName(name: string): 'image' | 'text' | undefined {
  if (IMAGE_NAME.test(name)) return 'image';
  return TEXT_NAME.test(name) ? 'text' : undefined;
}

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shard } from '../rows/shard.js';
import { npyHeader } from './npy-header.js';
import { parquetBytes } from './parquet-bytes.js';
import type { BadRow, OutputFormat, PartContent } from './part.js';
import { writeWhole } from './whole-file.js';

/** What tells a shard's files from those of others: `00002-of-00008`. */
export function shardName({ index, count }: Shard): string {
  return `${digits(index, 5)}-of-${digits(count, 5)}`;
}

/**
 * Writes one part under its name, which is the same whenever it is written again: `part-….parquet`, or `part-….npy`
 * with `part-….ids.jsonl`; bad rows in `_bad-….jsonl`. The vectors come last, so that where they are the rest is, too.
 * Readers of whole folders (pyarrow, Spark) pass over names that begin with `_`.
 */
export async function writePart(
  { folder, shard, part, format }: { folder: string; shard: Shard; part: number; format: OutputFormat },
  content: PartContent,
  badRows: readonly BadRow[],
): Promise<void> {
  const name = `${shardName(shard)}-${digits(part, 6)}`;
  const bad = join(folder, `_bad-${name}.jsonl`);
  if (badRows.length > 0) await writeWhole(bad, [jsonLines(badRows)]);
  else await rm(bad, { force: true });
  const path = join(folder, `part-${name}`);
  if (format === 'parquet') {
    await writeWhole(`${path}.parquet`, [await parquetBytes(content)]);
    return;
  }
  const { ids, vectors, dimension } = content;
  await writeWhole(`${path}.ids.jsonl`, [jsonLines(ids)]);
  const numbers = new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength);
  await writeWhole(`${path}.npy`, [npyHeader(ids.length, dimension), numbers]);
}

function jsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

function digits(number: number, width: number): string {
  return String(number).padStart(width, '0');
}

import { join } from 'node:path';
import { DomainError } from '#core';
import type { Shard } from '../rows/shard.js';
import { shardName } from './part-files.js';
import { readIfThere, writeWhole } from './whole-file.js';

/** The last row that was written; a run begins after it. */
export interface LastRow {
  readonly table: number;
  readonly file: string;
  readonly row: number;
  readonly id: string;
}

/** How far a shard is. What it counts is on the disk; a part that it does not count is written again. */
export interface Progress {
  readonly parts: number;
  /** Vectors in these parts. */
  readonly rows: number;
  readonly badRows: number;
  readonly last: LastRow | null;
  readonly isDone: boolean;
}

const NO_PROGRESS: Progress = { parts: 0, rows: 0, badRows: 0, last: null, isDone: false };

/**
 * How far a shard came in earlier runs.
 *
 * @throws DomainError `conflict` when the file is not one of ours
 */
export async function readProgress(folder: string, shard: Shard): Promise<Progress> {
  const text = await readIfThere(pathOf(folder, shard), 'The progress of the shard');
  if (text === undefined) return NO_PROGRESS;
  try {
    const value: unknown = JSON.parse(text);
    if (isProgress(value)) return value;
  } catch {
    // As any other file that is not ours.
  }
  throw new DomainError('conflict', `_progress-${shardName(shard)}.json is not a file of this command.`);
}

/** Replaces the progress; this is what makes a part count. */
export async function writeProgress(folder: string, shard: Shard, progress: Progress): Promise<void> {
  await writeWhole(pathOf(folder, shard), [`${JSON.stringify(progress)}\n`]);
}

function pathOf(folder: string, shard: Shard): string {
  return join(folder, `_progress-${shardName(shard)}.json`);
}

function isProgress(value: unknown): value is Progress {
  if (typeof value !== 'object' || value === null) return false;
  const isCount = (name: string): boolean => Number.isSafeInteger(Object.getOwnPropertyDescriptor(value, name)?.value);
  return (
    ['parts', 'rows', 'badRows'].every(isCount) &&
    'isDone' in value &&
    typeof value.isDone === 'boolean' &&
    'last' in value &&
    (value.last === null || isLastRow(value.last))
  );
}

function isLastRow(value: unknown): value is LastRow {
  if (typeof value !== 'object' || value === null) return false;
  const { table, row, file, id } = { table: undefined, row: undefined, file: undefined, id: undefined, ...value };
  return [table, row].every(Number.isSafeInteger) && typeof file === 'string' && typeof id === 'string';
}

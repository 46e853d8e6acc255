import { join } from 'node:path';
import { DomainError } from '#core';
import { readIfThere, writeWhole } from './whole-file.js';

/** What an output folder holds: the same for all shards, and for every run that goes on with it. */
export type Description = Readonly<Record<string, string | number | null>>;

const NAME = '_dataset.json';

/**
 * Makes sure that a folder holds this very output or nothing: writes its description, or compares it with the one
 * there.
 *
 * @throws DomainError `conflict` with what differs
 */
export async function claimFolder(folder: string, description: Description): Promise<void> {
  if (!(await isSame(folder, description)))
    await writeWhole(join(folder, NAME), [`${JSON.stringify(description, null, 2)}\n`]);
}

/**
 * Whether the folder holds this output; false when it has no description yet.
 *
 * @throws DomainError `conflict` with what differs
 */
export async function isSame(folder: string, description: Description): Promise<boolean> {
  const text = await readIfThere(join(folder, NAME), 'The folder of the output');
  if (text === undefined) return false;
  const there = parse(text);
  const differing = Object.keys(description).filter((key) => there[key] !== description[key]);
  if (differing.length === 0) return true;
  const list = differing.map(
    (key) => `${key} ${String(there[key] ?? 'none')}, not ${String(description[key] ?? 'none')}`,
  );
  throw new DomainError(
    'conflict',
    `The folder holds another output (${list.join('; ')}). Run it with the same options, or choose another folder.`,
  );
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // Not ours: everything differs.
  }
  return {};
}

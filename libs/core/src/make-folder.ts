import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder, and the folders above it, where they are missing; what exists keeps its mode. Node's own recursive `mkdir` never
 * returns where a file system refuses new folders with ENOENT, as `/proc` does (Node 24.21). Rejects with the system's error.
 */
export async function makeFolder(folder: string, mode?: number): Promise<void> {
  try {
    return await makeOne(folder, mode);
  } catch (err) {
    const parent = dirname(folder);
    if (codeOf(err) !== 'ENOENT' || parent === folder) throw err;
    await makeFolder(parent, mode);
  }
  await makeOne(folder, mode);
}

async function makeOne(folder: string, mode: number | undefined): Promise<void> {
  try {
    await mkdir(folder, { mode });
  } catch (err) {
    // Some systems name other reasons for folders that are there (EROFS, EPERM).
    const isThere = await stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isThere) throw err;
  }
}

function codeOf(err: unknown): unknown {
  return err instanceof Error && 'code' in err ? err.code : undefined;
}

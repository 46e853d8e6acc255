import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mkdir, stat } from 'node:fs/promises';

/**
 * The folder that holds this installation's package.json, the same from the sources and from `dist/`. Code finds the
 * files that the build does not copy (`proto/`, `models/`, the pages) and the built files of processes from here.
 *
 * @example const protos = join(installationFolder(), 'proto');
 */
export function installationFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** The version in package.json, such as `0.1.0`; `unknown` where that names none. */
export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(installationFolder(), 'package.json'), 'utf8'));
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest ? String(manifest.version) : 'unknown';
}

/**
 * Makes a folder, and the folders above it, where they are missing; existing ones keep their mode. Rejects with the
 * system's error. It replaces Node's own recursive `mkdir`, which never returns where a file system refuses new folders
 * with ENOENT, as `/proc` does (Node 24.21).
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
    // Some systems name other reasons (EROFS, EPERM) for folders that exist.
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

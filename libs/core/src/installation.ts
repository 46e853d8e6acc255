import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder that holds this installation's package.json, the same from the sources and from `dist/`. Files that the
 * build does not copy (`proto/`, `models/`, the pages) and the built files of processes are found from here.
 *
 * @example
 * const protos = join(installationFolder(), 'proto');
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

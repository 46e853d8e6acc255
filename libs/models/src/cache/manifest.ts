import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Fields, fieldsOf, isInside } from '#clip';

/** What a cached model folder was downloaded as; enough to check it without the hub. */
export interface Manifest {
  readonly model: string;
  readonly repository: string;
  readonly commit: string;
  readonly files: readonly ManifestFile[];
}

export interface ManifestFile {
  readonly path: string;
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
}

const FILE = 'manifest.json';

/** The manifest of a model folder, or undefined when it has none that can be read. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const content = await readFile(join(folder, FILE), 'utf8').catch(() => undefined);
  return content === undefined ? undefined : parseManifest(content);
}

/** Writes it, as the last file of a folder that is complete. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeFile(join(folder, FILE), `${JSON.stringify(manifest, undefined, 1)}\n`);
}

function parseManifest(content: string): Manifest | undefined {
  try {
    const parsed: unknown = JSON.parse(content);
    const { model, repository, commit, files } = fieldsOf(parsed);
    if (typeof model !== 'string' || typeof repository !== 'string' || typeof commit !== 'string') return undefined;
    if (!Array.isArray(files)) return undefined;
    const entries = files.map((entry: unknown) => fileOf(fieldsOf(entry)));
    const whole = entries.filter((entry) => entry !== undefined);
    return whole.length === entries.length ? { model, repository, commit, files: whole } : undefined;
  } catch {
    return undefined;
  }
}

function fileOf({ path, bytes, sha256 }: Fields): ManifestFile | undefined {
  if (typeof path !== 'string' || typeof bytes !== 'number' || typeof sha256 !== 'string') return undefined;
  return isInside(path) ? { path, bytes, sha256 } : undefined;
}

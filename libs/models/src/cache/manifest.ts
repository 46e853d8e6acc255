import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Fields, fieldsOf, isInside } from '#clip';
import { digestFile, FileDigest } from './file-digest.js';

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

/** What is wrong with one file of a cached model. */
export interface FileProblem {
  readonly path: string;
  readonly problem: 'missing' | 'size' | 'content';
}

/** Whether all files are there with their sizes: cheap enough for every start. */
export async function isComplete(folder: string, { files }: Manifest): Promise<boolean> {
  const problems = await Promise.all(files.map((file) => sizeProblem(folder, file)));
  return problems.every((problem) => problem === undefined);
}

/** Reads every byte and compares it with the manifest. Answers the files that differ; none = all is well. */
export async function verifyFolder(folder: string, { files }: Manifest): Promise<FileProblem[]> {
  const problems: FileProblem[] = [];
  for (const file of files) {
    const problem = (await sizeProblem(folder, file)) ?? (await contentProblem(folder, file));
    if (problem) problems.push({ path: file.path, problem });
  }
  return problems;
}

/** Whether a file of this size and digest lies at `path` already. */
export async function holds(
  path: string,
  bytes: number,
  expected: Parameters<FileDigest['matching']>[0],
): Promise<string | undefined> {
  if ((await sizeOf(path)) !== bytes) return undefined;
  const digest = new FileDigest({ bytes, sha256: expected.sha256 });
  await digestFile(path, digest);
  return digest.matching(expected);
}

async function sizeProblem(folder: string, { path, bytes }: ManifestFile): Promise<FileProblem['problem'] | undefined> {
  const size = await sizeOf(join(folder, path));
  if (size === undefined) return 'missing';
  return size === bytes ? undefined : 'size';
}

async function contentProblem(folder: string, { path, bytes, sha256 }: ManifestFile): Promise<'content' | undefined> {
  const found = await holds(join(folder, path), bytes, { sha256, gitSha1: undefined }).catch(() => undefined);
  return found === undefined ? 'content' : undefined;
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}

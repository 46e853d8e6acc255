import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isInside } from '#clip';
import { parseJson } from '#core';
import { digestFile, FileDigest } from './file-digest.js';

const manifestSchema = z.object({
  model: z.string(),
  repository: z.string(),
  commit: z.string(),
  files: z
    .array(
      z.object({
        path: z.string().refine(isInside),
        bytes: z.number(),
        /** In hex. */
        sha256: z.string(),
      }),
    )
    .readonly(),
});

/** What a cached model folder was downloaded as; enough to check it without the hub. */
export type Manifest = Readonly<z.output<typeof manifestSchema>>;

/** A file as it was downloaded. */
export type ManifestFile = Manifest['files'][number];

const FILE = 'manifest.json';

/** Reads the manifest of a model folder; undefined when there is none, or none that can be read. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const content = await readFile(join(folder, FILE), 'utf8').catch(() => undefined);
  return content === undefined ? undefined : manifestSchema.safeParse(parseJson(content)).data;
}

/** Writes the manifest. It is the last file of a folder: with it the folder is complete. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeFile(join(folder, FILE), `${JSON.stringify(manifest, undefined, 1)}\n`);
}

/** What is wrong with one file of a cached model. */
export interface FileProblem {
  readonly path: string;
  readonly problem: 'missing' | 'size' | 'content';
}

/** Tells whether all files are there with their sizes: cheap enough for every start. */
export async function isComplete(folder: string, { files }: Manifest): Promise<boolean> {
  const problems = await Promise.all(files.map((file) => sizeProblem(folder, file)));
  return problems.every((problem) => problem === undefined);
}

/** Reads every byte, compares it with the manifest, and returns the files that differ. */
export async function verifyFolder(folder: string, { files }: Manifest): Promise<FileProblem[]> {
  const problems: FileProblem[] = [];
  for (const file of files) {
    const problem = (await sizeProblem(folder, file)) ?? (await contentProblem(folder, file));
    if (problem) problems.push({ path: file.path, problem });
  }
  return problems;
}

/** Returns the SHA-256 of the file at `path` when it has this size and digest already, else undefined. */
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

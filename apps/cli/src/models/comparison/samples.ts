import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readGolden } from '#clip';
import { DomainError, installationFolder, type Tower, towerOf } from '#core';
import { drawnPictures, fixedTexts, type Sample } from './fixed-samples.js';

/** The samples of a comparison, for each tower. */
export type Samples = Readonly<Record<Tower, readonly Sample[]>>;

/** The caller's own samples instead of the fixed ones; paths are relative to its folder. */
export interface OwnSamples {
  /** A text file with one text a line. */
  readonly texts?: string | undefined;
  /** A folder of pictures. */
  readonly images?: string | undefined;
}

/** Pictures are held in memory, and several hundred show as much as thousands. */
const PICTURES_MAX = 500;
const TEXTS_MAX = 10_000;

/**
 * Reads the caller's texts and pictures. A tower without any gets the fixed samples and the inputs of the embedded
 * model's golden.json, where the installation has it.
 *
 * @throws DomainError `invalid_argument` for a file or folder that cannot be used
 */
export async function collectSamples({ texts, images }: OwnSamples, cwd: string): Promise<Samples> {
  const golden = await goldenSamples();
  return {
    textual:
      texts === undefined
        ? [...fixedTexts(), ...golden.filter(({ item }) => towerOf(item) === 'textual')]
        : await textsOf(resolve(cwd, texts)),
    visual:
      images === undefined
        ? [...drawnPictures(), ...golden.filter(({ item }) => towerOf(item) === 'visual')]
        : await picturesIn(resolve(cwd, images)),
  };
}

async function goldenSamples(): Promise<readonly Sample[]> {
  const golden = await readGolden(join(installationFolder(), 'models', 'mini-clip'));
  return (golden?.items ?? []).map(({ label, item }) => ({ label: `golden ${label}`, item }));
}

async function textsOf(file: string): Promise<Sample[]> {
  const content = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unusable(`The file of texts ${file} cannot be read`, cause);
  });
  const lines = content.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines.length === 0) throw unusable(`The file ${file} holds no text: write one a line`);
  if (lines.length > TEXTS_MAX)
    throw unusable(`The file ${file} holds ${lines.length} texts; at most ${TEXTS_MAX} are compared`);
  return lines.map((text, at) => ({ label: `line ${at + 1}`, item: { kind: 'text', text } }));
}

async function picturesIn(folder: string): Promise<Sample[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw unusable(`The folder of pictures ${folder} cannot be read`, cause);
  });
  const names = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name);
  if (names.length === 0) throw unusable(`The folder ${folder} holds no pictures`);
  if (names.length > PICTURES_MAX) {
    throw unusable(`The folder ${folder} holds ${names.length} files; at most ${PICTURES_MAX} pictures are compared`);
  }
  const samples = names.sort().map(async (name): Promise<Sample> => {
    return { label: name, item: { kind: 'image', bytes: await readFile(join(folder, name)) } };
  });
  return Promise.all(samples);
}

function unusable(text: string, cause?: unknown): DomainError {
  return new DomainError('invalid_argument', `${text}.`, { internal: String(cause), cause });
}

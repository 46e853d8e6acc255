import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type Layout, layoutOf, LAYOUTS, modelBroken } from '#clip';
import { DomainError } from '#core';
import type { HubFile } from '../hub/hub-revision.js';
import type { HubSource } from './catalogue.js';
import { FILE_SUFFIXES, type Precision } from './entry.js';

/** Files that an error names. Repositories hold dozens of variants. */
const FILES_NAMED_MAX = 12;
/** Files beside an ONNX file that are none of its weights: models for other runtimes, vocabularies, texts. */
const NO_WEIGHTS = /\.(onnx|armnn|rknn|json|txt|md|model|py)$/i;

/**
 * Finds where the parts of a model lie in its repository: as the catalogue says, or for `hub:` names as the files show.
 * Both towers of a precision come from files of the same suffix. Throws `unavailable`, naming the files that there are,
 * when none fit.
 *
 * @example
 * chooseLayout(hubSourceOf('hub:owner/name@main@int8'), files).visual; // 'onnx/vision_model_quantized.onnx'
 */
export function chooseLayout(source: HubSource, files: readonly HubFile[]): Layout {
  const { entry, precision, repository } = source;
  if (entry && precision === undefined) return entry.layout;
  const paths = new Set(files.map(({ path }) => path));
  const known: readonly Layout[] = entry ? [entry.layout] : Object.values(LAYOUTS);
  for (const suffix of precision ? FILE_SUFFIXES[precision] : ['']) {
    const found = known.map((layout) => suffixed(layout, suffix)).find((layout) => holdsTowers(paths, layout));
    if (found) return found;
  }
  if (precision) throw withoutVariant(source, precision, [...paths]);
  throw modelBroken(`the repository ${repository} holds no ONNX files in a layout that is known`, [...paths].join(' '));
}

function suffixed(layout: Layout, suffix: string): Layout {
  const variant = (path: string) => path.replace(/\.onnx$/, `${suffix}.onnx`);
  return { ...layout, visual: variant(layout.visual), textual: variant(layout.textual) };
}

function holdsTowers(paths: ReadonlySet<string>, { visual, textual }: Layout): boolean {
  return paths.has(visual) && paths.has(textual);
}

function withoutVariant({ entry, repository }: HubSource, precision: Precision, paths: readonly string[]): DomainError {
  const folders = entry && [entry.layout.visual, entry.layout.textual].map(folderOf);
  const onnx = paths.filter((path) => path.endsWith('.onnx') && (!folders || folders.includes(folderOf(path)))).sort();
  const more = onnx.length > FILES_NAMED_MAX ? ` and ${onnx.length - FILES_NAMED_MAX} more` : '';
  const held = onnx.length === 0 ? 'no ONNX files' : `${onnx.slice(0, FILES_NAMED_MAX).join(', ')}${more}`;
  return new DomainError(
    'unavailable',
    `The repository ${repository} holds no ${precision} files for texts and for images. It holds ${held}. Leave out @${precision}, or ` +
      'make the variant from the float32 files with tools/export (docs/export.md).',
  );
}

/**
 * Picks the files of a repository that serving a layout takes: its small files, its ONNX files and their external data.
 * The ONNX file names its external data inside; it is found without opening it, since its name either begins with that
 * of the ONNX file (`model.onnx_data`) or it lies in a folder with no other ONNX file (immich-app's exports name it by
 * numbers). Throws `unavailable` when the repository lacks a required file.
 *
 * @example
 * neededFiles(layout, files, 'owner/name').map(({ path }) => path); // ['visual/model.onnx', 'textual/model.onnx', …]
 */
export function neededFiles(layout: Layout, files: readonly HubFile[], repository: string): HubFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const required = [layout.visual, layout.textual, layout.tokenizer, layout.preprocess, layout.config];
  const missing = required.filter((path) => !byPath.has(path));
  if (missing.length > 0) {
    throw new DomainError('unavailable', `The repository ${repository} lacks ${[...new Set(missing)].join(', ')}.`);
  }
  const weights = [layout.visual, layout.textual].flatMap((onnx) => externalData(onnx, files));
  const paths = new Set([...required, layout.tokenizerConfig, ...weights]);
  return [...paths].map((path) => byPath.get(path)).filter((file) => file !== undefined);
}

function externalData(onnx: string, files: readonly HubFile[]): string[] {
  const folder = onnx.slice(0, onnx.lastIndexOf('/') + 1);
  const beside = files.map(({ path }) => path).filter((path) => path !== onnx && folderOf(path) === folder);
  const isAlone = folder !== '' && !beside.some((path) => path.endsWith('.onnx'));
  return beside.filter((path) => isDataOf(onnx, path) || (isAlone && !NO_WEIGHTS.test(path)));
}

function isDataOf(onnx: string, path: string): boolean {
  return path.startsWith(onnx) && /^[._]data/.test(path.slice(onnx.length));
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/**
 * Sums the sizes of the ONNX files of a model folder and of their external data: about what the weights take in memory.
 * Rejects with `unavailable` when the folder holds no model.
 */
export async function weightBytes(folder: string): Promise<number> {
  const layout = await layoutOf(folder);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => !entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name));
  const files = await Promise.all(
    paths.map(async (path) => ({
      path: relative(folder, path).split(sep).join('/'),
      bytes: (await stat(path)).size,
      sha256: undefined,
      gitSha1: undefined,
    })),
  );
  const small = [layout.tokenizer, layout.tokenizerConfig, layout.preprocess, layout.config];
  const weights = neededFiles(layout, files, 'of the folder').filter(({ path }) => !small.includes(path));
  return weights.reduce((sum, { bytes }) => sum + bytes, 0);
}

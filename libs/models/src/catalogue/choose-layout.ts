import { type Layout, LAYOUTS, modelBroken } from '#clip';
import { DomainError } from '#core';
import type { HubFile } from '../hub/hub-revision.js';
import type { HubSource } from './catalogue.js';
import { FILE_SUFFIXES, type Precision } from './precision.js';

/** Enough to see what there is; repositories hold dozens of variants. */
const FILES_NAMED_MAX = 12;

/**
 * Where the parts of a model lie in its repository: as the catalogue says, or for `hub:` names as the files show. Of a precision,
 * both towers come from files of the same suffix. Throws `unavailable` when the repository has no such files, naming those
 * that it has.
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

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

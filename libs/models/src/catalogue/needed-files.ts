import type { Layout } from '#clip';
import { DomainError } from '#core';
import type { HubFile } from '../hub/hub-revision.js';

/** What lies beside an ONNX file and is none of its weights: other runtimes, vocabularies in other forms, talk. */
const NO_WEIGHTS = /\.(onnx|armnn|rknn|json|txt|md|model|py)$/i;

/**
 * The files of a repository that serving a layout takes: its small files, its ONNX files, and the external data of those.
 * The names of external data are inside the ONNX file; they are found without it, since they either begin with its name
 * (`model.onnx_data`) or lie in a folder that holds no other ONNX file (immich-app's exports name them by numbers). Throws
 * `unavailable` when the repository lacks one that cannot be done without.
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
  const beside = files.map(({ path }) => path).filter((path) => path !== onnx && parentOf(path) === folder);
  const isAlone = folder !== '' && !beside.some((path) => path.endsWith('.onnx'));
  return beside.filter((path) => isDataOf(onnx, path) || (isAlone && !NO_WEIGHTS.test(path)));
}

function isDataOf(onnx: string, path: string): boolean {
  return path.startsWith(onnx) && /^[._]data/.test(path.slice(onnx.length));
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { layoutOf } from '#clip';
import { neededFiles } from './needed-files.js';

/**
 * The size of the ONNX files of a model folder with their external data: about what the weights take in memory. Throws
 * `unavailable` when the folder is no model's.
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

import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Fields, fieldsOf, firstNumber, readFields } from './json-fields.js';
import type { ModelFiles } from './model-files.js';

/** A model's towers as TensorRT engines for one type of GPU; `tools/export/prepare_tensorrt.py` makes them. */
export interface PreparedFiles {
  /**
   * The folder, relative to the model's: `tensorrt/sm89-10.15.1` is for compute capability 8.9 and TensorRT 10.15.1.
   */
  readonly name: string;
  readonly visualPath: string;
  readonly textualPath: string;
  /** Most rows of one run: engines are built for batches from 1 to this. */
  readonly rowsMax: number;
}

/** The engines of a model folder for one type of GPU. */
export interface PreparedSearch {
  /** Newest TensorRT first: an engine runs only under the version that built it. */
  readonly found: readonly PreparedFiles[];
  /** The reasons why folders for this GPU cannot be used. */
  readonly unfit: readonly string[];
}

const FOLDER = 'tensorrt';
const FACTS_FILE = 'prepared.json';

/**
 * Finds the engines of a model folder for a GPU of `computeCapability` (`8.9`). Engines that were made of other ONNX
 * files than the folder has now are unfit: they would return another model's vectors. Never rejects because of an
 * engine.
 *
 * @example
 * const { found } = await findPreparedFiles(folder, '8.9', files); // those in `tensorrt/sm89-…`
 */
export async function findPreparedFiles(
  folder: string,
  computeCapability: string,
  sources: Pick<ModelFiles, 'visualPath' | 'textualPath'>,
): Promise<PreparedSearch> {
  const names = await readdir(join(folder, FOLDER)).catch((): string[] => []);
  const fitting = names.filter((name) => name.startsWith(`${gpuTypeOf(computeCapability)}-`)).sort(newestFirst);
  const found: PreparedFiles[] = [];
  const unfit: string[] = [];
  if (fitting.length === 0) return { found, unfit };
  const digests = { visual: await digestOf(sources.visualPath), textual: await digestOf(sources.textualPath) };
  for (const name of fitting) {
    const prepared = await readPrepared(folder, `${FOLDER}/${name}`, digests);
    if (typeof prepared === 'string') unfit.push(prepared);
    else found.push(prepared);
  }
  return { found, unfit };
}

/** Maps `8.9` to `sm89`, NVIDIA's name for the generation of a GPU. */
function gpuTypeOf(computeCapability: string): string {
  return `sm${computeCapability.replace('.', '')}`;
}

function newestFirst(a: string, b: string): number {
  return b.localeCompare(a, 'en', { numeric: true });
}

async function readPrepared(
  folder: string,
  name: string,
  digests: { readonly visual: string; readonly textual: string },
): Promise<PreparedFiles | string> {
  const facts = await readFields(join(folder, name, FACTS_FILE), FACTS_FILE).catch((): Fields => ({}));
  const rowsMax = firstNumber(facts['batch_max']);
  if (facts['format'] !== 1 || rowsMax === undefined) return `${name} has no ${FACTS_FILE} that is known`;
  const madeOf = fieldsOf(facts['sources']);
  const isOfThese = madeOf['visual'] === digests.visual && madeOf['textual'] === digests.textual;
  if (!isOfThese) return `${name} was made of other ONNX files than the folder holds`;
  const pathOf = (file: string) => join(folder, name, file);
  return { name, visualPath: pathOf('visual.onnx'), textualPath: pathOf('textual.onnx'), rowsMax };
}

/** Hashes an ONNX file and the weights that may lie beside it: SHA-256 in hex. */
async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  const files = [path, `${path}.data`, `${path}_data`].filter((file) => existsSync(file));
  for (const file of files) {
    for await (const chunk of createReadStream(file)) if (Buffer.isBuffer(chunk)) hash.update(chunk);
  }
  return hash.digest('hex');
}

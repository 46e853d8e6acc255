import { basename, dirname, resolve } from 'node:path';
import type { Conversion, Placed } from './conversion.js';
import { lookUp, textOf, truthOf } from './tree.js';

/** OpenAI's models by their first names on the Python server, before `::openai` named the weights. */
const firstNames: Readonly<Record<string, string>> = {
  'ViT-L-14@336px': 'ViT-L-14-336',
  'ViT-L-14-336px': 'ViT-L-14-336',
};
const openAiModels = [
  'RN50',
  'RN101',
  'RN50x4',
  'RN50x16',
  'RN50x64',
  'ViT-B-32',
  'ViT-B-16',
  'ViT-L-14',
  'ViT-L-14-336',
];

/** What the Python server serves when its Flow names no model. */
const modelDefault = 'ViT-B-32::openai';

const reasons: Readonly<Record<string, string>> = {
  num_worker_preprocess: 'decoding and tokenizing follow the cores of the machine',
  jit: 'there is no TorchScript; models are ONNX files',
  dtype: 'the precision is that of the model’s files',
  model_path: 'only the ONNX executor read it; weights of your own are served as ONNX files (docs/models.md)',
  access_paths: 'send access_paths as a parameter of the request',
  traversal_paths: 'send access_paths as a parameter of the request',
  pool_backend: 'decoding runs in the replica processes',
  providers: 'see devices',
};

/** The place of an encoder in the Flow, and what else its arguments depend on. */
export interface EncoderPlace {
  /** The executor: `executors[0]`. */
  readonly where: string;
  /** Of the Flow file: relative paths in it start there. */
  readonly folder: string;
  readonly isOnnx: boolean;
}

/** Converts the arguments of an encoder, but for `device`. */
export function convertModel(
  given: Readonly<Record<string, Placed>>,
  { where, folder, isOnnx }: EncoderPlace,
  result: Conversion,
): void {
  const { name, device: _device, minibatch_size: batch, model_path: path, ...rest } = given;
  const model = chosenModel(name, where, result);
  const ownModel = isOnnx ? textOf(path?.value) : undefined;
  if (path && ownModel) convertOwnModel(resolve(folder, ownModel), path.where, model.value, result);
  else result.set('model', model.value, model.comment);
  if (path && !ownModel && path.value !== null) result.leave(path.where, lookUp(reasons, 'model_path') ?? '');
  if (batch && batch.value !== null) {
    result.setWithin('batch_items_max', batch.value, { min: 1, max: 1024 }, batch.where);
  }
  for (const [key, { value, where: place }] of Object.entries(rest)) {
    if (value === null || isPlain(key, value)) continue;
    result.leave(place, lookUp(reasons, key) ?? 'there is nothing like it here');
  }
}

function chosenModel(name: Placed | undefined, where: string, result: Conversion) {
  const text = textOf(name?.value);
  if (name && text !== undefined && /^\S+$/.test(text)) return { value: modelNameOf(text), comment: name.where };
  const isWrong = name !== undefined && name.value !== null;
  if (isWrong)
    result.leave(name.where, `it is not the name of a model; model is ${modelDefault} until you name another`);
  return { value: modelDefault, comment: `${where}: what the Python server takes without a name` };
}

/** Adds the weights to a name: `ViT-B/32` becomes `ViT-B-32::openai`. Other names stay as they are. */
function modelNameOf(given: string): string {
  if (given.includes('::')) return given;
  const dashed = given.replace(/^ViT-([BL])\//, 'ViT-$1-');
  const name = lookUp(firstNames, dashed) ?? dashed;
  return openAiModels.includes(name) ? `${name}::openai` : given;
}

/**
 * The Python server takes the tokenizer and the image size from the name, and only the two graphs from the folder. Here
 * the folder holds all of it; the public weights under that name would give other vectors.
 */
function convertOwnModel(folder: string, where: string, name: string, result: Conversion): void {
  result.set('model_dir', dirname(folder), `${where}: the folder above it`);
  result.set('model', basename(folder), where);
  const files = 'tokenizer.json, preprocess_config.json and config.json';
  result.leave(where, `beside its ONNX files the folder needs ${files} of ${name} (docs/models.md)`);
}

/** Whether the argument has the value that holds here anyway. */
function isPlain(key: string, value: unknown): boolean {
  if (key === 'jit') return truthOf(value) === false;
  return (key === 'access_paths' || key === 'traversal_paths') && value === '@r';
}

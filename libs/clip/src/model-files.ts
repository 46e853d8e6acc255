import { join } from 'node:path';
import type { ModelInfo } from '#core';
import { type Fields, fieldsOf, firstNumber, modelBroken, readFields } from './json-fields.js';

/** How pictures become the visual tower's input; from `preprocess_config.json`. */
export interface Preprocessing {
  /** The short side after resizing, in pixels. */
  readonly resizeTo: number;
  /** The side of the centre square that is kept, in pixels; at most `resizeTo`. */
  readonly cropTo: number;
  /** Per channel (R, G, B), on values from 0 to 1. */
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/** A model folder, read and checked; sessions are not part of it. */
export interface ModelFiles {
  readonly info: ModelInfo;
  readonly preprocessing: Preprocessing;
  readonly tokenizer: Fields;
  readonly visualPath: string;
  readonly textualPath: string;
}

/** OpenAI's CLIP clips its learned temperature at ln 100, and all published weights reached it. */
const LOGIT_SCALE_DEFAULT = 100;
const CONTEXT_LENGTH_DEFAULT = 77;

/**
 * What the model's small files say about it, without opening a session: good for a parent process that only lists
 * models. Throws `unavailable` when a file is missing or lacks a field that cannot be guessed.
 */
export async function readModelInfo(folder: string, name: string): Promise<ModelInfo> {
  const [config, preprocess] = await Promise.all([readConfig(folder), readPreprocess(folder)]);
  return infoFrom(name, config, preprocessingFrom(preprocess));
}

/** Reads everything but the ONNX files. Errors as `readModelInfo`. */
export async function readModelFiles(folder: string, name: string): Promise<ModelFiles> {
  const [config, preprocess, tokenizer] = await Promise.all([
    readConfig(folder),
    readPreprocess(folder),
    readFields(join(folder, 'tokenizer.json'), 'tokenizer.json'),
  ]);
  const preprocessing = preprocessingFrom(preprocess);
  return {
    info: infoFrom(name, config, preprocessing),
    preprocessing,
    tokenizer,
    visualPath: join(folder, 'visual.onnx'),
    textualPath: join(folder, 'textual.onnx'),
  };
}

function readConfig(folder: string): Promise<Fields> {
  return readFields(join(folder, 'config.json'), 'config.json');
}

function readPreprocess(folder: string): Promise<Fields> {
  return readFields(join(folder, 'preprocess_config.json'), 'preprocess_config.json');
}

/** Takes our flat fields first, then the nested ones of Hugging Face's CLIPConfig. */
function infoFrom(name: string, config: Fields, preprocessing: Preprocessing): ModelInfo {
  const text = fieldsOf(config['text_config']);
  const dimension = firstNumber(config['projection_dim'], text['projection_dim']);
  if (dimension === undefined) throw modelBroken('config.json names no projection_dim', `model ${name}`);
  return {
    name,
    dimension,
    imageSize: preprocessing.cropTo,
    contextLength:
      firstNumber(config['context_length'], text['max_position_embeddings'], text['context_length']) ??
      CONTEXT_LENGTH_DEFAULT,
    logitScale: firstNumber(config['logit_scale']) ?? LOGIT_SCALE_DEFAULT,
    normalized: config['normalized'] === true,
  };
}

/** Sizes come as a number (older files) or as an object (`shortest_edge`, `height`). */
function preprocessingFrom(fields: Fields): Preprocessing {
  const size = fieldsOf(fields['size']);
  const crop = fieldsOf(fields['crop_size']);
  const resizeTo = firstNumber(fields['size'], size['shortest_edge'], size['height']);
  const cropTo = firstNumber(fields['crop_size'], crop['height'], crop['shortest_edge'], resizeTo);
  if (resizeTo === undefined || cropTo === undefined || cropTo > resizeTo || cropTo < 1) {
    throw modelBroken('preprocess_config.json names no usable size', `size ${resizeTo}, crop ${cropTo}`);
  }
  return { resizeTo, cropTo, mean: channels(fields, 'image_mean'), std: channels(fields, 'image_std') };
}

function channels(fields: Fields, key: string): readonly [number, number, number] {
  const value = fields[key];
  const [red, green, blue] = Array.isArray(value) ? value.map(Number) : [];
  if (red === undefined || green === undefined || blue === undefined || !Number.isFinite(red + green + blue)) {
    throw modelBroken(`preprocess_config.json lacks ${key}`, key);
  }
  return [red, green, blue];
}

import { join } from 'node:path';
import type { ModelInfo } from '#core';
import { type Fields, fieldsOf, firstNumber, modelBroken, readFields } from './json-fields.js';
import { type Layout, type TextCleaning, type TextPadding, cleaningOf, layoutOf } from './layout.js';
import { type Preprocessing, preprocessingFrom } from './preprocessing.js';

/** What the other files of a model add to `tokenizer.json`. */
export interface TextRules {
  readonly clean: TextCleaning | undefined;
  /** The padding token, where the tokenizer's files name one. */
  readonly padToken: string | undefined;
  readonly padding: TextPadding;
}

/** The small files of a model folder, read and checked, and the paths of the large ones. */
export interface ModelFiles {
  readonly info: ModelInfo;
  readonly preprocessing: Preprocessing;
  readonly tokenizer: Fields;
  readonly textRules: TextRules;
  readonly visualPath: string;
  /** The same as `visualPath` when one graph holds both towers. */
  readonly textualPath: string;
}

/** OpenAI's CLIP clips its learned temperature at ln 100, which all published weights reached. */
const LOGIT_SCALE_DEFAULT = 100;
const CONTEXT_LENGTH_DEFAULT = 77;
/** SigLIP was trained on 64. Hugging Face's `SiglipTextConfig` leaves it out of config.json as its default. */
const CONTEXT_LENGTH_SIGLIP = 64;
/** The `hidden_size` of SigLIP's base models, which the same class leaves out likewise. */
const DIMENSION_SIGLIP = 768;

/**
 * Reads what the model's small files say about it, without opening a session: for a parent process, which never runs a
 * model. Rejects with `unavailable` when a file is missing or lacks a field that cannot be guessed.
 */
export async function readModelInfo(folder: string, name: string): Promise<ModelInfo> {
  const layout = await layoutOf(folder);
  const [config, preprocess] = await Promise.all([read(folder, layout.config), read(folder, layout.preprocess)]);
  return infoFrom(name, config, preprocessingFrom(preprocess), layout);
}

/** Reads everything but the ONNX files. Errors as `readModelInfo`. */
export async function readModelFiles(folder: string, name: string): Promise<ModelFiles> {
  const layout = await layoutOf(folder);
  const [config, preprocess, tokenizer, tokenizerConfig] = await Promise.all([
    read(folder, layout.config),
    read(folder, layout.preprocess),
    read(folder, layout.tokenizer),
    read(folder, layout.tokenizerConfig).catch((): Fields => ({})),
  ]);
  const preprocessing = preprocessingFrom(preprocess);
  return {
    info: infoFrom(name, config, preprocessing, layout),
    preprocessing,
    tokenizer,
    textRules: textRulesFrom(config, tokenizerConfig, layout),
    visualPath: join(folder, layout.visual),
    textualPath: join(folder, layout.textual),
  };
}

function read(folder: string, path: string): Promise<Fields> {
  return readFields(join(folder, path), path);
}

/**
 * Prefers the flat fields of our exports, then open_clip's, then the nested ones of Hugging Face's CLIPConfig and
 * similar.
 */
function infoFrom(name: string, config: Fields, preprocessing: Preprocessing, { facts }: Layout): ModelInfo {
  const text = textConfigOf(config);
  const dimension = firstNumber(
    facts.dimension,
    config['projection_dim'],
    config['embed_dim'],
    text['projection_dim'],
    text['projection_size'],
    text['embed_dim'],
    ...(isSiglip(config) ? [text['hidden_size'], DIMENSION_SIGLIP] : []),
  );
  if (dimension === undefined) throw modelBroken('config.json names no projection_dim', `model ${name}`);
  return {
    name,
    dimension,
    imageSize: preprocessing.cropTo,
    contextLength:
      firstNumber(
        facts.contextLength,
        config['context_length'],
        text['context_length'],
        text['max_position_embeddings'],
      ) ?? (isSiglip(config) ? CONTEXT_LENGTH_SIGLIP : CONTEXT_LENGTH_DEFAULT),
    logitScale: firstNumber(facts.logitScale, config['logit_scale']) ?? LOGIT_SCALE_DEFAULT,
    normalized: config['normalized'] === true,
  };
}

function textRulesFrom(config: Fields, tokenizerConfig: Fields, { facts }: Layout): TextRules {
  const text = textConfigOf(config);
  const readsPadding = text['no_causal_mask'] === true || text['pool_type'] === 'last' || isSiglip(config);
  return {
    clean: facts.clean ?? cleaningFrom(text),
    padToken: tokenText(tokenizerConfig['pad_token']),
    padding: facts.padding ?? (readsPadding ? 'full' : 'longest'),
  };
}

/** As open_clip's HFTokenizer: unless the file says otherwise, texts for a Hugging Face vocabulary get `whitespace`. */
function cleaningFrom(text: Fields): TextCleaning | undefined {
  const said = cleaningOf(fieldsOf(text['tokenizer_kwargs'])['clean']);
  return said ?? (typeof text['hf_tokenizer_name'] === 'string' ? 'whitespace' : undefined);
}

/** open_clip writes `text_cfg`, transformers `text_config`. */
function textConfigOf(config: Fields): Fields {
  return fieldsOf(config['text_config'] ?? config['text_cfg']);
}

function isSiglip(config: Fields): boolean {
  return typeof config['model_type'] === 'string' && config['model_type'].startsWith('siglip');
}

/** A token is written as its text, or as an object that holds the text. */
function tokenText(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value : fieldsOf(value)['content'];
  return typeof text === 'string' ? text : undefined;
}

import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type Fields, firstNumber, modelBroken, readFields } from './json-fields.js';

/** How texts are cleaned before the tokenizer sees them; names as in open_clip's `tokenizer_kwargs.clean`. */
export type TextCleaning = 'canonicalize' | 'lower' | 'whitespace';

/**
 * How far the rows of a batch of texts are filled up: `longest` is to the longest row (causal towers and those with a
 * mask never see the rest), `full` to the whole context (SigLIP reads the padding as it was trained to), `never` puts
 * only rows of equal length into one run (towers that read padding and were trained without).
 */
export type TextPadding = 'longest' | 'full' | 'never';

/** Where in a model folder its parts lie, and what its files leave unsaid. Paths are relative, with slashes. */
export interface Layout {
  /** The ONNX file of the visual tower; the same path as `textual` when one graph holds both. */
  readonly visual: string;
  readonly textual: string;
  readonly tokenizer: string;
  /** Hugging Face's `tokenizer_config.json`: names the token that fills rows up. May be missing. */
  readonly tokenizerConfig: string;
  readonly preprocess: string;
  readonly config: string;
  /** What the files leave unsaid or say wrongly; it wins over them. */
  readonly facts: LayoutFacts;
}

/** See `Layout.facts`; the fields are those of `ModelInfo`. */
export interface LayoutFacts {
  readonly dimension?: number;
  readonly contextLength?: number;
  readonly logitScale?: number;
  readonly clean?: TextCleaning;
  readonly padding?: TextPadding;
}

/**
 * The layouts that folders and repositories are found in, by name; those with both towers in one graph come last, since
 * their repositories may hold the single towers too.
 */
export const LAYOUTS = {
  /** Ours. */
  flat: {
    visual: 'visual.onnx',
    textual: 'textual.onnx',
    tokenizer: 'tokenizer.json',
    tokenizerConfig: 'tokenizer_config.json',
    preprocess: 'preprocess_config.json',
    config: 'config.json',
    facts: {},
  },
  /** What immich-app's exporter writes of open_clip and Multilingual-CLIP models. */
  immich: {
    visual: 'visual/model.onnx',
    textual: 'textual/model.onnx',
    tokenizer: 'textual/tokenizer.json',
    tokenizerConfig: 'textual/tokenizer_config.json',
    preprocess: 'visual/preprocess_cfg.json',
    config: 'config.json',
    facts: {},
  },
  /** What transformers.js reads: one file a tower. */
  transformers: {
    visual: 'onnx/vision_model.onnx',
    textual: 'onnx/text_model.onnx',
    tokenizer: 'tokenizer.json',
    tokenizerConfig: 'tokenizer_config.json',
    preprocess: 'preprocessor_config.json',
    config: 'config.json',
    facts: {},
  },
  /** What transformers.js reads: both towers in one graph. */
  joint: {
    visual: 'onnx/model.onnx',
    textual: 'onnx/model.onnx',
    tokenizer: 'tokenizer.json',
    tokenizerConfig: 'tokenizer_config.json',
    preprocess: 'preprocessor_config.json',
    config: 'config.json',
    facts: {},
  },
} as const satisfies Record<string, Layout>;

/** Says where the parts of a downloaded folder lie; folders without it are recognised by their files. */
export const LAYOUT_FILE = 'layout.json';

/** The layout whose ONNX files `has` finds, joint graphs last: their folders may hold the single towers too. */
function recogniseLayout(has: (path: string) => boolean): Layout | undefined {
  return Object.values<Layout>(LAYOUTS).find(({ visual, textual }) => has(visual) && has(textual));
}

/**
 * The layout of a model folder: that of its `layout.json`, else the one its files fit. Throws `unavailable` when
 * neither tells.
 */
export async function layoutOf(folder: string): Promise<Layout> {
  if (await exists(join(folder, LAYOUT_FILE)))
    return parseLayout(await readFields(join(folder, LAYOUT_FILE), LAYOUT_FILE));
  const paths = Object.values<Layout>(LAYOUTS).flatMap(({ visual, textual }) => [visual, textual]);
  const found = new Set<string>();
  for (const path of paths) if (await exists(join(folder, path))) found.add(path);
  const layout = recogniseLayout((path) => found.has(path));
  if (layout) return layout;
  throw modelBroken('its folder holds no visual.onnx and textual.onnx, nor a layout that is known', folder);
}

/** Reads what the download wrote. Throws `unavailable` for a path that is missing or leads out of the folder. */
function parseLayout(fields: Fields): Layout {
  const path = (key: string): string => {
    const value = fields[key];
    if (typeof value === 'string' && isInside(value)) return value;
    throw modelBroken(`${LAYOUT_FILE} names no usable ${key}`, String(value));
  };
  return {
    visual: path('visual'),
    textual: path('textual'),
    tokenizer: path('tokenizer'),
    tokenizerConfig: path('tokenizerConfig'),
    preprocess: path('preprocess'),
    config: path('config'),
    facts: parseFacts(fields['facts']),
  };
}

function parseFacts(value: unknown): LayoutFacts {
  const fields: Fields = typeof value === 'object' && value !== null ? { ...value } : {};
  const number = (key: 'dimension' | 'contextLength' | 'logitScale') => {
    const found = firstNumber(fields[key]);
    return found === undefined ? {} : { [key]: found };
  };
  const clean = cleaningOf(fields['clean']);
  const padding = PADDINGS.find((known) => known === fields['padding']);
  return {
    ...number('dimension'),
    ...number('contextLength'),
    ...number('logitScale'),
    ...(clean ? { clean } : {}),
    ...(padding ? { padding } : {}),
  };
}

/** `value` as one of the cleanings, undefined for anything else. */
export function cleaningOf(value: unknown): TextCleaning | undefined {
  return CLEANINGS.find((cleaning) => cleaning === value);
}

const PADDINGS: readonly TextPadding[] = ['longest', 'full', 'never'];
const CLEANINGS: readonly TextCleaning[] = ['canonicalize', 'lower', 'whitespace'];

/** Whether a relative path of a repository stays inside its folder, on every system. */
export function isInside(path: string): boolean {
  const parts = path.split('/');
  return (
    !path.includes('\\') &&
    !path.includes('\0') &&
    !path.includes(':') &&
    parts.every((part) => !['', '.', '..'].includes(part))
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

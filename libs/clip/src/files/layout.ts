import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type Fields, firstNumber, modelBroken, readFields } from './json-fields.js';

/** How texts are cleaned before they are tokenized. The names are those of open_clip's `tokenizer_kwargs.clean`. */
export type TextCleaning = 'canonicalize' | 'lower' | 'whitespace';

/**
 * How far the rows of a batch of texts are padded. `longest` pads to the longest row: causal towers and those with a
 * mask never see the rest. `full` pads to the whole context: SigLIP was trained to read the padding. `never` puts only
 * rows of equal length into one run, for towers that read padding and were trained without.
 */
export type TextPadding = 'longest' | 'full' | 'never';

/** Where in a model folder its parts lie, and what its files do not say. Paths are relative, with slashes. */
export interface Layout {
  /** The ONNX file of the visual tower; the same path as `textual` when one graph holds both. */
  readonly visual: string;
  readonly textual: string;
  readonly tokenizer: string;
  /** Hugging Face's `tokenizer_config.json`, which names the padding token. The file may be missing. */
  readonly tokenizerConfig: string;
  readonly preprocess: string;
  readonly config: string;
  /** What the files leave out or say wrongly. These facts win over the files. */
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
 * The layouts of known folders and repositories. Those with both towers in one graph come last, since their
 * repositories may hold the single towers too.
 */
export const LAYOUTS = {
  /** The layout of this service's own exports. */
  flat: {
    visual: 'visual.onnx',
    textual: 'textual.onnx',
    tokenizer: 'tokenizer.json',
    tokenizerConfig: 'tokenizer_config.json',
    preprocess: 'preprocess_config.json',
    config: 'config.json',
    facts: {},
  },
  /** What immich-app's exporter writes for open_clip and Multilingual-CLIP models. */
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

/** The file that names the layout of a downloaded folder. Folders without it are recognised by their files. */
export const LAYOUT_FILE = 'layout.json';

/** Finds the layout whose ONNX files exist. Joint graphs come last: their folders may hold the single towers too. */
function recogniseLayout(has: (path: string) => boolean): Layout | undefined {
  return Object.values<Layout>(LAYOUTS).find(({ visual, textual }) => has(visual) && has(textual));
}

/**
 * Finds the layout of a model folder: that of its `layout.json`, else the one that its files fit. Rejects with
 * `unavailable` when there is neither.
 *
 * @example
 * (await layoutOf('models/mini-clip')).visual; // 'visual.onnx'
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

/** Parses a `layout.json`. Throws `unavailable` for a path that is missing or leads out of the folder. */
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

/** Returns `value` as a cleaning; undefined for anything else. */
export function cleaningOf(value: unknown): TextCleaning | undefined {
  return CLEANINGS.find((cleaning) => cleaning === value);
}

const PADDINGS: readonly TextPadding[] = ['longest', 'full', 'never'];
const CLEANINGS: readonly TextCleaning[] = ['canonicalize', 'lower', 'whitespace'];

/**
 * Tells whether a relative path of a repository stays inside its folder, on every system.
 *
 * @example
 * isInside('onnx/model.onnx'); // true
 * isInside('../model.onnx'); // false
 */
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

import type { Layout } from '#clip';

/**
 * The number format of a variant; the model itself is float32. `int8` has 8-bit weights, and quantizes activations as
 * it runs.
 */
export type Precision = 'fp16' | 'int8';

export const PRECISIONS: readonly Precision[] = ['fp16', 'int8'];

/**
 * What repositories for transformers.js put before `.onnx`, the preferred first: `_quantized` is the int8 file of every
 * age; `_int8` and `_uint8` came later and name how the weights are stored.
 */
export const FILE_SUFFIXES: Readonly<Record<Precision, readonly string[]>> = {
  fp16: ['_fp16'],
  int8: ['_quantized', '_int8', '_uint8'],
};

/**
 * Splits `NAME@PRECISION` at its last `@`; the name may hold an `@` itself. Undefined when there is none.
 *
 * @example
 * splitPrecision('ViT-L/14@336px@fp16'); // { base: 'ViT-L/14@336px', suffix: 'fp16' }
 */
export function splitPrecision(name: string): { readonly base: string; readonly suffix: string } | undefined {
  const at = name.lastIndexOf('@');
  return at > 0 ? { base: name.slice(0, at), suffix: name.slice(at + 1) } : undefined;
}

/** Returns `text` as a precision; undefined for anything else. */
export function precisionOf(text: string): Precision | undefined {
  return PRECISIONS.find((precision) => precision === text);
}

/** What cuts texts into tokens, as the model's paper or its `tokenizer.json` names it. */
export type TokenizerName =
  | 'CLIP byte-pair encoding'
  | 'Gemma byte-pair encoding'
  | 'RoBERTa byte-pair encoding'
  | 'SentencePiece unigram'
  | 'WordPiece';

/** A model that the service knows by name. */
export interface CatalogueEntry {
  readonly name: string;
  /** Its other names: OpenAI's short ones, and the spellings of other catalogues. */
  readonly aliases: readonly string[];
  /**
   * The repository on the hub. Undefined when nobody publishes ONNX files of the model; then `note` says what to do.
   */
  readonly repository: string | undefined;
  readonly layout: Layout;
  /**
   * The variants that the repository is known to publish beside float32, as `name@precision`. A download asks the hub,
   * so others may be there.
   */
  readonly variants: readonly Precision[];
  readonly dimension: number;
  readonly imageSize: number;
  /** Most tokens of a text; undefined where nobody says before the files are here. */
  readonly contextLength: number | undefined;
  /** What cuts texts into tokens. */
  readonly tokenizer: TokenizerName;
  /** The licence of the weights, as their publisher names it. */
  readonly licence: string;
  /** About the size of the download in megabytes (10^6 bytes): four bytes per parameter where nobody says. */
  readonly megabytes: number;
  /**
   * `run`: this version has served these very files. `read`: repository, layout and sizes were read in public pages and
   * sources, but the files were never run.
   */
  readonly checked: 'read' | 'run';
  readonly note?: string;
}

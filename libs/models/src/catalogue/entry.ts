import type { Layout } from '#clip';

/**
 * What a variant of a model holds its numbers in; the model itself is float32. `int8` is 8-bit weights with activations
 * quantised on the run.
 */
export type Precision = 'fp16' | 'int8';

export const PRECISIONS: readonly Precision[] = ['fp16', 'int8'];

/**
 * What repositories in the manner of transformers.js put before `.onnx`, the preferred first: `_quantized` is the int8 file
 * of every age, `_int8` and `_uint8` came later and name how the weights are held.
 */
export const FILE_SUFFIXES: Readonly<Record<Precision, readonly string[]>> = {
  fp16: ['_fp16'],
  int8: ['_quantized', '_int8', '_uint8'],
};

/** `NAME@PRECISION` in its parts. The name may hold an `@` itself, as `ViT-L/14@336px` does. */
export function splitPrecision(name: string): { readonly base: string; readonly suffix: string } | undefined {
  const at = name.lastIndexOf('@');
  return at > 0 ? { base: name.slice(0, at), suffix: name.slice(at + 1) } : undefined;
}

/** `text` as a precision, undefined for anything else. */
export function precisionOf(text: string): Precision | undefined {
  return PRECISIONS.find((precision) => precision === text);
}

/** A model that the service knows by name. */
export interface CatalogueEntry {
  readonly name: string;
  /** Other names for it: the short ones of OpenAI, and the spellings of other catalogues. */
  readonly aliases: readonly string[];
  /** The repository on the hub; undefined = nobody publishes ONNX files of it, and `note` says what to do. */
  readonly repository: string | undefined;
  readonly layout: Layout;
  /**
   * The variants that the repository is known to publish beside float32, as `name@precision`. What it holds on the day is asked
   * of the hub, so others may be there.
   */
  readonly variants: readonly Precision[];
  readonly dimension: number;
  readonly imageSize: number;
  /** Of the weights, as their publisher names it. */
  readonly licence: string;
  /** About how large the download is, in megabytes (10^6 bytes): four bytes a parameter where nobody says. */
  readonly megabytes: number;
  /**
   * `run`: these very files were served by this version. `read`: repository, layout and sizes were read in public pages
   * and sources, but the files were never run.
   */
  readonly checked: 'read' | 'run';
  readonly note?: string;
}

import type { Fields } from '../json-fields.js';
import { ClipTokenizer, isClipTokenizer } from './clip-tokenizer.js';
import { LibraryTokenizer } from './library-tokenizer.js';

/** Text to the ids of one model's vocabulary. */
export interface Tokenizer {
  /** The id that fills rows up to a common length. */
  readonly padId: number;
  /**
   * Ids of `text`, start and end token included, never more than `lengthMax`. A longer text is cut as CLIP cuts it: the
   * last id stays the end token, since the tower reads its answer there.
   */
  encode(text: string, lengthMax: number): number[];
}

/**
 * The tokenizer that a `tokenizer.json` describes. CLIP's own byte-pair encoding runs in our exact implementation;
 * everything else (XLM-R and its kin) in Hugging Face's JavaScript library. Throws `unavailable` when the file is
 * neither.
 */
export function openTokenizer(json: Fields): Tokenizer {
  return isClipTokenizer(json) ? new ClipTokenizer(json) : new LibraryTokenizer(json);
}

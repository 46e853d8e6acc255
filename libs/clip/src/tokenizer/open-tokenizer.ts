import type { Fields } from '../json-fields.js';
import { ClipTokenizer, isClipTokenizer } from './clip-tokenizer.js';
import { LibraryTokenizer } from './library-tokenizer.js';
import type { Tokenizer } from './tokenizer.js';

/**
 * The tokenizer that a `tokenizer.json` describes. CLIP's own byte-pair encoding runs in our exact implementation;
 * everything else (XLM-R and its kin) in Hugging Face's JavaScript library. Throws `unavailable` when the file is
 * neither.
 */
export function openTokenizer(json: Fields): Tokenizer {
  return isClipTokenizer(json) ? new ClipTokenizer(json) : new LibraryTokenizer(json);
}

import type { Fields } from '../files/json-fields.js';
import type { TextCleaning } from '../files/layout.js';
import { CleaningTokenizer } from './cleaning-tokenizer.js';
import { ClipTokenizer, isClipTokenizer } from './clip-tokenizer.js';
import { PipelineTokenizer } from './pipeline-tokenizer.js';
import type { Tokenizer } from './tokenizer.js';

/**
 * Makes the tokenizer that a `tokenizer.json` describes. For CLIP's own byte-pair encoding its ids are those of the
 * Python server's tokenizer, for every other file (SentencePiece, WordPiece, Gemma) those of Rust's `tokenizers`.
 * Throws `unavailable`, naming it, for an unknown part of the file.
 *
 * @example
 * const tokenizer = openTokenizer(await readFields('models/mini-clip/tokenizer.json', 'tokenizer.json'));
 * tokenizer.encode('a photo of a cat', 77); // ids with start and end token
 */
export function openTokenizer(json: Fields, { clean, padToken }: TokenizerRules = {}): Tokenizer {
  if (isClipTokenizer(json)) return new ClipTokenizer(json);
  const tokenizer = new PipelineTokenizer(json, padToken);
  return clean ? new CleaningTokenizer(tokenizer, clean) : tokenizer;
}

/**
 * What the other files add to `tokenizer.json`. CLIP's own encoding ignores it: it cleans texts itself, and its padding
 * is never read.
 */
export interface TokenizerRules {
  readonly clean?: TextCleaning | undefined;
  readonly padToken?: string | undefined;
}

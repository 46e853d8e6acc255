import type { Fields } from '../files/json-fields.js';
import type { TextCleaning } from '../files/layout.js';
import { CleaningTokenizer } from './cleaning-tokenizer.js';
import { ClipTokenizer, isClipTokenizer } from './clip-tokenizer.js';
import { PipelineTokenizer } from './pipeline-tokenizer.js';
import type { Tokenizer } from './tokenizer.js';

/**
 * The tokenizer that a `tokenizer.json` describes. CLIP's own byte-pair encoding gives the ids of the Python server's
 * tokenizer, everything else (SentencePiece, WordPiece, Gemma) those of Rust's `tokenizers`. Throws `unavailable`,
 * naming it, for a part of the file that is not known.
 */
export function openTokenizer(json: Fields, { clean, padToken }: TokenizerRules = {}): Tokenizer {
  if (isClipTokenizer(json)) return new ClipTokenizer(json);
  const tokenizer = new PipelineTokenizer(json, padToken);
  return clean ? new CleaningTokenizer(tokenizer, clean) : tokenizer;
}

/** What the files beside `tokenizer.json` add; CLIP's own encoding cleans by itself and is never read past its end. */
export interface TokenizerRules {
  readonly clean?: TextCleaning | undefined;
  readonly padToken?: string | undefined;
}

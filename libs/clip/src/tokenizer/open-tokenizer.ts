import type { Fields } from '../files/json-fields.js';
import type { TextCleaning } from '../files/layout.js';
import { ClipTokenizer, isClipTokenizer } from './clip-tokenizer.js';
import { mendText } from './mend-text.js';
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

/** Python's `string.punctuation`. */
const PUNCTUATION = /[!-/:-@[-`{-~]/g;
/** Unicode's white space, as in Python; JavaScript's `\s` has U+FEFF and lacks U+0085. */
const WHITE_SPACE = /\p{White_Space}+/gu;

/**
 * Mends and cleans texts before it tokenizes them, as open_clip's `HFTokenizer` does (`src/open_clip/tokenizer.py`).
 */
class CleaningTokenizer implements Tokenizer {
  readonly padId: number;

  constructor(
    private readonly tokenizer: PipelineTokenizer,
    private readonly cleaning: TextCleaning,
  ) {
    this.padId = tokenizer.padId;
  }

  encode(text: string, lengthMax: number): number[] {
    return this.tokenizer.encodePart(text, lengthMax, (end) => cleaned(mendText(text, end), this.cleaning));
  }
}

/** Collapses white space to one blank. `lower` also lowers the case, `canonicalize` also drops punctuation. */
function cleaned(text: string, cleaning: TextCleaning): string {
  if (cleaning === 'whitespace') return collapsed(text);
  if (cleaning === 'lower') return collapsed(text).toLowerCase();
  return collapsed(text.replaceAll('_', ' ').replaceAll(PUNCTUATION, '').toLowerCase());
}

function collapsed(text: string): string {
  return text.replaceAll(WHITE_SPACE, ' ').replace(/^ | $/g, '');
}

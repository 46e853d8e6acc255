import type { TextCleaning } from '../files/layout.js';
import { mendText } from './mend-text.js';
import type { PipelineTokenizer } from './pipeline-tokenizer.js';
import type { Tokenizer } from './tokenizer.js';

/** Python's `string.punctuation`. */
const PUNCTUATION = /[!-/:-@[-`{-~]/g;
/** Unicode's white space, as in Python; JavaScript's `\s` has U+FEFF and lacks U+0085. */
const WHITE_SPACE = /\p{White_Space}+/gu;

/**
 * Mends and cleans texts before it tokenizes them, as open_clip's `HFTokenizer` does (`src/open_clip/tokenizer.py`).
 */
export class CleaningTokenizer implements Tokenizer {
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

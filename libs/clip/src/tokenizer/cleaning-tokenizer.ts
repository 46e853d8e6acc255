import type { TextCleaning } from '../layout.js';
import type { Tokenizer } from './tokenizer.js';

/** Python's `string.punctuation`. */
const PUNCTUATION = /[!-/:-@[-`{-~]/g;

/** A tokenizer whose texts are cleaned first, as open_clip's `HFTokenizer` does (`src/open_clip/tokenizer.py`). */
export class CleaningTokenizer implements Tokenizer {
  readonly padId: number;

  constructor(
    private readonly tokenizer: Tokenizer,
    private readonly cleaning: TextCleaning,
  ) {
    this.padId = tokenizer.padId;
  }

  encode(text: string, lengthMax: number): number[] {
    return this.tokenizer.encode(cleaned(text, this.cleaning), lengthMax);
  }
}

/** White space runs become one blank; `lower` also lowers, `canonicalize` drops punctuation besides. */
export function cleaned(text: string, cleaning: TextCleaning): string {
  if (cleaning === 'whitespace') return collapsed(text);
  if (cleaning === 'lower') return collapsed(text).toLowerCase();
  return collapsed(text.replaceAll('_', ' ').replaceAll(PUNCTUATION, '').toLowerCase());
}

function collapsed(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}

import { DomainError } from '#core';

/**
 * Makes the error for a part of `tokenizer.json` that this service cannot run exactly as Hugging Face's Rust
 * `tokenizers` does. Other ids would mean vectors of other texts, which nobody would notice, so the file is refused as
 * a whole.
 *
 * @example
 * throw unlikeReference(`the model ${quoted(type)}`, 'an unknown type');
 */
export function unlikeReference(part: string, why: string): DomainError {
  return new DomainError(
    'unavailable',
    `The model cannot be loaded: its tokenizer.json has ${part}, which this service does not know (${why}). It would give ` +
      'some texts other token ids than the tokenizer that the model was trained with. Take another export of the model, ' +
      'one whose tokenizer has only the parts that docs/models.md lists.',
  );
}

/** Quotes `value` for an error, shortened to 60 characters. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}

import { DomainError } from '#core';

/**
 * The error for a part of `tokenizer.json` that this service does not carry out as Hugging Face's Rust `tokenizers`
 * does. Ids of another kind are vectors of other texts, which nobody would notice: such a file is refused whole.
 */
export function unlikeReference(part: string, why: string): DomainError {
  return new DomainError(
    'unavailable',
    `The model cannot be loaded: its tokenizer.json has ${part}, which this service does not know (${why}). It would give ` +
      'some texts other token ids than the tokenizer that the model was trained with. Take another export of the model, ' +
      'one whose tokenizer has only the parts that docs/models.md lists.',
  );
}

/** `value` as a short quotation for an error. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}

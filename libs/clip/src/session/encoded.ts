import { DomainError } from '#core';

/**
 * The result of one item of a batch: its vector, as the model's file returns it, or its own error. `tokens` counts the
 * tokens of a text as they were run, start and end included; images have none. `square` is what an image looks like to
 * the model, of one that wants it (`EncodeItem`).
 */
export type Encoded =
  | {
      readonly ok: true;
      readonly embedding: Float32Array;
      readonly tokens?: number;
      readonly square?: Uint8Array;
    }
  | { readonly ok: false; readonly error: DomainError };

/**
 * Puts vectors and errors, each under the position of its item, into one list of `size` results in the order of the
 * items. A vector that is not finite becomes an error, since it would be similar to nothing and spoil every ranking.
 * Throws when a position has neither: that is a fault of this service and must not pass as an empty vector.
 *
 * @example
 * encodedInOrder(2, new Map([[1, vector]]), new Map([[0, error]]));
 * // [{ ok: false, error }, { ok: true, embedding: vector }]
 */
export function encodedInOrder(
  size: number,
  embeddings: ReadonlyMap<number, Float32Array>,
  errors: ReadonlyMap<number, DomainError>,
): Encoded[] {
  return Array.from({ length: size }, (_, at) => {
    const error = errors.get(at);
    if (error) return { ok: false, error };
    const embedding = embeddings.get(at);
    if (embedding)
      return embedding.every(Number.isFinite) ? { ok: true, embedding } : { ok: false, error: notFinite() };
    throw new Error(`item ${at} of ${size} has no result`);
  });
}

function notFinite(): DomainError {
  return new DomainError(
    'internal',
    'The model computed values that are infinite or not numbers for this item, which happens in half precision: use a float32 variant of the model.',
  );
}

import { type DomainError, ItemError, type ItemResult } from '#core';

/** Every successful vector scaled to length 1; a zero vector stays as it is. */
export function normalizeResults(results: readonly ItemResult[]): ItemResult[] {
  return results.map((result) => (result.ok ? { ...result, embedding: unit(result.embedding) } : result));
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? vector : vector.map((value) => value / length);
}

/**
 * What an answer tells as failed, for a call's `failure`, of the error of the first item that failed; undefined when
 * none has.
 */
export function failureOf(error: DomainError | undefined): ItemError | undefined {
  return error && new ItemError(error, error.message);
}

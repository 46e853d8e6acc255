import type { ItemResult } from '#core';

/** Every successful vector scaled to length 1; a zero vector stays as it is. */
export function normalizeResults(results: readonly ItemResult[]): ItemResult[] {
  return results.map((result) => (result.ok ? { ...result, embedding: unit(result.embedding) } : result));
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? vector : vector.map((value) => value / length);
}

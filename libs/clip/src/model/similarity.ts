/** How well one candidate fits the query. */
export interface Score {
  /** Cosine of the angle between query and candidate, -1 to 1; 0 when either is all zeros. */
  readonly cosine: number;
  /** The candidate's share of the softmax over all candidates; shares sum to 1. */
  readonly score: number;
}

/**
 * Scores `candidates` against `query` as CLIP does: softmax of `logitScale * cosine`. Returns one score per candidate
 * in the order given, so that a stable sort keeps ties in input order. Throws a RangeError when lengths differ; those
 * of one model never do.
 *
 * @example
 * rankScores(Float32Array.of(1, 0), [Float32Array.of(1, 0), Float32Array.of(0, 1)], 100)[0]; // { cosine: 1, score: 1 }
 */
export function rankScores(query: Float32Array, candidates: readonly Float32Array[], logitScale: number): Score[] {
  const cosines = candidates.map((candidate) => cosine(query, candidate));
  const shares = softmax(cosines.map((value) => value * logitScale));
  return cosines.map((value, at) => ({ cosine: value, score: shares[at] ?? 0 }));
}

/**
 * Computes the cosine of the angle between two vectors of equal length, in double precision. 0 when either is all
 * zeros.
 *
 * @example
 * cosine(Float32Array.of(1, 0), Float32Array.of(0, 2)); // 0
 */
export function cosine(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new RangeError(`vectors of ${a.length} and ${b.length} numbers cannot be compared`);
  let dot = 0;
  let squaresOfA = 0;
  let squaresOfB = 0;
  for (let at = 0; at < a.length; at++) {
    const x = a[at] ?? 0;
    const y = b[at] ?? 0;
    dot += x * y;
    squaresOfA += x * x;
    squaresOfB += y * y;
  }
  const lengths = Math.sqrt(squaresOfA) * Math.sqrt(squaresOfB);
  return lengths === 0 ? 0 : dot / lengths;
}

/** Divides the exponentials by their sum. It subtracts the largest logit first, so that nothing overflows. */
export function softmax(logits: readonly number[]): number[] {
  const largest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

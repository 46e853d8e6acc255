import { closest, distance } from 'fastest-levenshtein';

/** The candidate that `word` was probably meant to be, or undefined when none is within a third of its length. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const best = closest(word, candidates);
  return distance(word, best) <= Math.max(2, Math.floor(word.length / 3)) ? best : undefined;
}

import { closest, distance } from 'fastest-levenshtein';

/**
 * The candidate that `word` probably stands for; undefined when all differ from it by more than a third of its length.
 *
 * @example nearest('modle', ['input', 'model']) // 'model'
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const best = closest(word, candidates);
  return distance(word, best) <= Math.max(2, Math.floor(word.length / 3)) ? best : undefined;
}

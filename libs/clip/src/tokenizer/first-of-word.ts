import type { MergeTable } from './merge-table.js';
import { type MergedWord, mergeWord } from './merge-word.js';

/** How many symbols are merged first per id asked for: more than most words need. */
const SYMBOLS_PER_ID = 8;
/** How many ends of tokens are tried before more symbols are merged. */
const TRIES_MAX = 8;

/**
 * Returns the first ids of a word: at least `count`, or all of them. Returns undefined when they depend on what comes
 * after `symbols`, which only an `isOpen` word has. The work is bounded by `count`, not by the length of the word.
 *
 * A merge far to the right can decide about one at the beginning, so a word cannot simply be cut. But tokens are the
 * encoding of a word if and only if every two neighbours are the encoding of what they cover: until the first merge
 * over a border between tokens, either side merges as it would alone. Two things follow. The first tokens of an
 * encoding are the encoding of what they cover. And if every beginning of the word that ends within some range has the
 * same border before that range, and the range is as long as the longest token, then every longer beginning has that
 * border too, since no token spans the range. `isSettled` looks for such a border.
 *
 * @example
 * firstOfWord(symbolsOf('photo'), merges, 1); // [1125]
 */
export function firstOfWord(
  symbols: readonly number[],
  merges: MergeTable,
  count: number,
  isOpen = false,
): number[] | undefined {
  for (let size = count * SYMBOLS_PER_ID + 2 * merges.symbolsMax; size < symbols.length; size *= 2) {
    const beginning = mergeWord(symbols.slice(0, size), merges);
    const ids = settledIds(symbols, beginning, merges, { count, size });
    if (ids) return ids;
  }
  const whole = mergeWord(symbols, merges);
  return isOpen ? settledIds(symbols, whole, merges, { count, size: symbols.length }) : whole.ids;
}

function settledIds(
  symbols: readonly number[],
  { ids, starts }: MergedWord,
  merges: MergeTable,
  { count, size }: { count: number; size: number },
): number[] | undefined {
  for (let at = Math.max(count, 1); at < Math.max(count, 1) + TRIES_MAX; at++) {
    const border = starts[at];
    if (border === undefined || border + 2 * merges.symbolsMax > size) return undefined;
    if (isSettled(symbols, starts[at - 1] ?? 0, border, merges)) return ids.slice(0, at);
  }
  return undefined;
}

/**
 * Tells whether the token from `start` to `border` stays one, however the word continues. The range begins one longest
 * token after the border, since an end of the word right after the border would change much.
 */
function isSettled(symbols: readonly number[], start: number, border: number, merges: MergeTable): boolean {
  const from = border + merges.symbolsMax;
  for (let end = from + 1; end <= from + merges.symbolsMax; end++) {
    if (mergeWord(symbols.slice(start, end), merges).starts[1] !== border - start) return false;
  }
  return true;
}

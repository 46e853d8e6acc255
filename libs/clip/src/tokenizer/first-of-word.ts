import type { MergeTable } from './merge-table.js';
import { type MergedWord, mergeWord } from './merge-word.js';

/** Symbols that are merged at first for each id that is asked for: more than most words need. */
const SYMBOLS_PER_ID = 8;
/** Ends of tokens that are tried before more symbols are merged. */
const TRIES_MAX = 8;

/**
 * The ids with which the encoding of a word begins: `count` at least, or all of them; undefined where they depend on
 * what comes after `symbols`, which only an `isOpen` word has. What is asked for bounds the work, not the length of the
 * word.
 *
 * A merge far to the right can decide about one at the beginning, so a word cannot simply be cut. But the tokens of a
 * word are its encoding if and only if the encoding of each two neighbours is these two: until the first merge over a
 * border between tokens, either side merges as it would alone. Two things follow. Tokens with which an encoding begins
 * are the encoding of what they cover. And when all beginnings of the word that end in a stretch of one longest token,
 * somewhere after a border, have that border, so has every longer one, since no token spans the stretch. `isSettled`
 * looks for such a border.
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
 * Whether the token from `start` to `border` stays one, however the word goes on. The stretch begins one longest token
 * after the border: at once after it, an end of the word is a neighbour that changes much.
 */
function isSettled(symbols: readonly number[], start: number, border: number, merges: MergeTable): boolean {
  const from = border + merges.symbolsMax;
  for (let end = from + 1; end <= from + merges.symbolsMax; end++) {
    if (mergeWord(symbols.slice(start, end), merges).starts[1] !== border - start) return false;
  }
  return true;
}

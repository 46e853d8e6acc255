/** What happens to the pieces that a pattern finds. The names are those of Rust's `SplitDelimiterBehavior`. */
export type SplitBehavior = 'Removed' | 'Isolated' | 'Contiguous' | 'MergedWithPrevious' | 'MergedWithNext';

/** All behaviors. */
export const SPLIT_BEHAVIORS: readonly SplitBehavior[] = [
  'Removed',
  'Isolated',
  'Contiguous',
  'MergedWithPrevious',
  'MergedWithNext',
];

interface Piece {
  readonly text: string;
  readonly isDelimiter: boolean;
}

/**
 * Splits `text` as Rust's `NormalizedString::split` does. `pattern` is global. With `invert` it finds the pieces, and
 * what lies between them is the delimiter.
 *
 * @example
 * splitText('a-b', /-/gu, 'Isolated'); // ['a', '-', 'b']
 */
export function splitText(text: string, pattern: RegExp, behavior: SplitBehavior, invert = false): string[] {
  const pieces = piecesOf(text, pattern, invert);
  switch (behavior) {
    case 'Removed':
      return pieces.filter(({ isDelimiter }) => !isDelimiter).map(({ text: piece }) => piece);
    case 'Isolated':
      return pieces.map(({ text: piece }) => piece);
    case 'Contiguous':
      return joined(pieces, (before, piece) => before.isDelimiter === piece.isDelimiter);
    case 'MergedWithPrevious':
      return joined(pieces, (before, piece) => piece.isDelimiter && !before.isDelimiter);
    case 'MergedWithNext':
      // A delimiter joins what comes after it, unless that is a delimiter too.
      return joined(pieces, (before, piece) => before.isDelimiter && !piece.isDelimiter);
  }
}

function piecesOf(text: string, pattern: RegExp, invert: boolean): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  const add = (to: number, isMatch: boolean): void => {
    if (to > end) pieces.push({ text: text.slice(end, to), isDelimiter: isMatch !== invert });
    end = to;
  };
  for (const match of text.matchAll(pattern)) {
    add(match.index, false);
    add(match.index + match[0].length, true);
  }
  add(text.length, false);
  return pieces;
}

function joined(pieces: readonly Piece[], belongsTo: (before: Piece, piece: Piece) => boolean): string[] {
  const result: string[] = [];
  pieces.forEach((piece, at) => {
    const before = pieces[at - 1];
    if (before && belongsTo(before, piece)) result.push((result.pop() ?? '') + piece.text);
    else result.push(piece.text);
  });
  return result;
}

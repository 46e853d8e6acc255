/**
 * How much each masked copy covers. `patch`, the cell with its neighbours, finds things that are larger than a cell,
 * and its neighbouring values differ less; `cell` is sharper, and misses what a model still sees around the cell. The
 * first one where nothing is said.
 */
export const COVER_MODES = ['patch', 'cell'] as const;

/** See COVER_MODES. */
export type CoverMode = (typeof COVER_MODES)[number];

/** A square picture: RGB bytes, row by row, `side` pixels a row. */
export interface Square {
  readonly data: Uint8Array;
  readonly side: number;
}

/** A part of a square, in pixels; `right` and `bottom` are the first ones outside. */
interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * The masked copies of a square for an occlusion map (Zeiler and Fergus, "Visualizing and Understanding Convolutional
 * Networks", 2014, section 4.2): one a cell of `grid` × `grid`, row by row, that cell (or the patch around it) filled
 * with the mean colour of the whole square. Each copy is made when it is asked for.
 *
 * @example
 * const copies = [...coveredCopies({ data, side: 224 }, 7, 'cell')]; // 49 squares
 */
export function* coveredCopies(square: Square, grid: number, mode: CoverMode): Generator<Uint8Array, void> {
  const colour = meanColour(square.data);
  for (let row = 0; row < grid; row++) {
    for (let column = 0; column < grid; column++) {
      yield covered(square, areaOf({ row, column }, square.side, grid, mode), colour);
    }
  }
}

function areaOf(cell: { row: number; column: number }, side: number, grid: number, mode: CoverMode): Rectangle {
  const reach = mode === 'patch' ? 1 : 0;
  const edge = (at: number): number => Math.floor((Math.min(Math.max(at, 0), grid) * side) / grid);
  return {
    left: edge(cell.column - reach),
    top: edge(cell.row - reach),
    right: edge(cell.column + 1 + reach),
    bottom: edge(cell.row + 1 + reach),
  };
}

function covered({ data, side }: Square, { left, top, right, bottom }: Rectangle, colour: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(data);
  const line = new Uint8Array((right - left) * 3);
  for (let at = 0; at < line.length; at += 3) line.set(colour, at);
  for (let row = top; row < bottom; row++) copy.set(line, (row * side + left) * 3);
  return copy;
}

function meanColour(data: Uint8Array): Uint8Array {
  const sums = [0, 0, 0];
  for (let at = 0; at < data.length; at++) sums[at % 3] = (sums[at % 3] ?? 0) + (data[at] ?? 0);
  return Uint8Array.from(sums, (sum) => Math.round((sum * 3) / data.length));
}

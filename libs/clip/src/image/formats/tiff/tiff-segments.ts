import { imageUnreadable } from '../../image-errors.js';
import { hasPredictor, isPlain, unpackerOf } from './tiff-compression.js';
import { TAG, type TiffDirectory } from './tiff-directory.js';
import type { TiffLayout } from './tiff-layout.js';
import { undoPredictor } from './tiff-predictor.js';

/** A decoded strip or tile. */
export interface Segment {
  /** The place of its top left pixel in the picture, and how many of its columns and rows are inside. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** The channel on this plane; 0 when all channels are side by side. */
  readonly plane: number;
  readonly rows: Uint8Array;
  readonly rowBytes: number;
}

/** Sizes of rows and pixels as they are stored. */
export interface SegmentShape {
  /** Width and height of a stored unit in pixels: more than one where colours are halved. */
  readonly unitWidth: number;
  readonly unitHeight: number;
  /** Returns the bytes of a row of units that covers `width` pixels. */
  readonly rowBytesOf: (width: number) => number;
}

/**
 * Most stored bytes of all segments, in lengths of the file: a segment may be used several times, as empty tiles are.
 */
const STORED_MAX = 4;

/** The grid of strips or tiles. */
interface Grid {
  readonly width: number;
  readonly height: number;
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
}

/**
 * Yields the strips or tiles of all planes in their order, decompressed one at a time. The work is bounded by the
 * picture's pixels and four times the file. Throws `image_format_refused` or `image_unreadable`.
 */
export function* segmentsOf(
  tiff: TiffDirectory,
  size: { readonly width: number; readonly height: number },
  layout: TiffLayout,
  shape: SegmentShape,
): Generator<Segment> {
  const grid = gridOf(tiff, size);
  const compression = tiff.one(TAG.compression, 1);
  const unpack = unpackerOf(compression);
  const across = Math.ceil(size.width / grid.width);
  const down = Math.ceil(size.height / grid.height);
  checkPadding(across * grid.width * down * grid.height, size.width * size.height);
  const planes = layout.separate ? layout.channels : 1;
  const rowBytes = shape.rowBytesOf(grid.width);
  if (grid.offsets.length < across * down * planes) throw imageUnreadable('a TIFF with too few strips or tiles');
  if (!isPlain(compression)) checkStored(tiff, grid);
  const isReversed = tiff.one(TAG.fillOrder, 1) === 2;
  const predictor = hasPredictor(compression) ? tiff.one(TAG.predictor, 1) : 1;
  const step = layout.separate ? 1 : layout.samples;
  const fullBytes = Math.ceil(grid.height / shape.unitHeight) * rowBytes;
  for (let index = 0; index < across * down * planes; index++) {
    const left = (index % across) * grid.width;
    const top = (Math.trunc(index / across) % down) * grid.height;
    const height = Math.min(grid.height, size.height - top);
    const needed = Math.ceil(height / shape.unitHeight) * rowBytes;
    const stored = storedBytes(tiff, grid, index, isPlain(compression) ? needed : undefined);
    const unpacked = unpack(isReversed ? reversed(stored) : stored, fullBytes);
    if (unpacked.length < needed) throw imageUnreadable('a strip or tile of a TIFF that ends too early');
    const rows = unpacked.subarray(0, needed);
    undoPredictor(predictor, { bytes: rows, rowBytes, bits: layout.bits, step, little: tiff.little });
    const width = Math.min(grid.width, size.width - left);
    yield { left, top, width, height, plane: Math.trunc(index / (across * down)), rows, rowBytes };
  }
}

function gridOf(tiff: TiffDirectory, size: { readonly width: number; readonly height: number }): Grid {
  const strips = tiff.all(TAG.stripOffsets);
  if (strips.length > 0) {
    const rows = Math.min(size.height, tiff.one(TAG.rowsPerStrip, size.height));
    return checked({ width: size.width, height: rows, offsets: strips, lengths: tiff.all(TAG.stripBytes) });
  }
  const [width, height] = [tiff.one(TAG.tileWidth, 0), tiff.one(TAG.tileHeight, 0)];
  return checked({ width, height, offsets: tiff.all(TAG.tileOffsets), lengths: tiff.all(TAG.tileBytes) });
}

function checked(grid: Grid): Grid {
  if (grid.width < 1 || grid.height < 1) throw imageUnreadable('a TIFF without strips or tiles');
  return grid;
}

/** Tiles beyond the edge are stored whole: at most this many pixels, or this many times a large picture. */
const PADDED_PIXELS_MAX = 16_777_216;
const PADDED_TIMES_MAX = 4;

function checkPadding(stored: number, pixels: number): void {
  if (stored <= Math.max(PADDED_PIXELS_MAX, PADDED_TIMES_MAX * pixels)) return;
  throw imageUnreadable('a TIFF with tiles far larger than the picture');
}

function checkStored(tiff: TiffDirectory, grid: Grid): void {
  const total = grid.offsets.reduce((sum, offset, index) => sum + lengthOf(tiff, grid, index, offset), 0);
  if (total > STORED_MAX * tiff.bytes.length) throw imageUnreadable('a TIFF whose strips or tiles overlap');
}

function lengthOf(tiff: TiffDirectory, grid: Grid, index: number, offset: number): number {
  return Math.max(0, Math.min(grid.lengths[index] ?? Infinity, tiff.bytes.length - offset));
}

/** Like Pillow, ignores the stored length of an uncompressed segment. */
function storedBytes(tiff: TiffDirectory, grid: Grid, index: number, plainLength: number | undefined): Uint8Array {
  const offset = grid.offsets[index] ?? 0;
  return tiff.bytes.subarray(offset, offset + (plainLength ?? lengthOf(tiff, grid, index, offset)));
}

/** Reverses the bits of every byte (tag 266). */
function reversed(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => REVERSED[byte] ?? 0);
}

const REVERSED = Uint8Array.from({ length: 256 }, (_, byte) =>
  [0, 1, 2, 3, 4, 5, 6, 7].reduce((sum, bit) => sum | (((byte >> bit) & 1) << (7 - bit)), 0),
);

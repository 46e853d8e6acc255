import type { Kernel } from '../../files/preprocessing.js';
import type { Geometry } from './geometry.js';
import type { Raster } from '../picture.js';
import { premultiplyWithin, unpremultiplied } from './premultiply.js';
import { type AxisWeights, axisWeights, fixedPoint, WEIGHT_BITS } from './resample-weights.js';
import { at, HALF, squeezeRows } from './squeeze-rows.js';

type Axis = AxisWeights<Int32Array>;

/**
 * Resizes by Pillow's two antialiased passes (`Resample.c`), for the square of `geometry` only: a 1 x 2000 picture
 * would otherwise be enlarged to 224 x 448,000. Each channel is resized separately, first horizontally, rounded to 8
 * bits, then vertically. An axis that keeps its size is copied. Returns `side * side * channels` bytes.
 *
 * With `weighByAlpha` the last channel is alpha. The colours are multiplied by it while they are resized, in place: it
 * overwrites the part of `data` that the square is made of.
 */
export function resampleCrop(raster: Raster, geometry: Geometry, weighByAlpha = false): Uint8Array {
  const { data, width, height, channels } = raster;
  const { left, top, side, kernel } = geometry;
  const columns = spanOf(width, geometry.width, left, side, kernel);
  const rows = spanOf(height, geometry.height, top, side, kernel);
  if (weighByAlpha) premultiplyWithin(raster, columns, rows);
  const needed = { data: data.subarray(rows.first * width * channels, rows.end * width * channels), width, channels };
  const narrow = columns.axis ? squeezeRows(needed, columns.axis, side) : cutColumns(needed, left, side);
  const square = rows.axis ? squeezeColumns(narrow, rows.axis, rows.first, side, side * channels) : narrow;
  return weighByAlpha ? unpremultiplied(square, channels) : square;
}

/** The input pixels of one axis that the square is made of, and their weights; without weights they are copied. */
interface Span {
  readonly first: number;
  readonly end: number;
  readonly axis?: Axis;
}

function spanOf(inputSize: number, outputSize: number, from: number, side: number, kernel?: Kernel): Span {
  if (inputSize === outputSize) return { first: from, end: from + side };
  const axis = fixedPoint(axisWeights(inputSize, outputSize, from, side, kernel));
  return { first: at(axis.starts, 0), end: at(axis.starts, side - 1) + at(axis.counts, side - 1), axis };
}

function cutColumns({ data, width, channels }: Omit<Raster, 'height'>, left: number, side: number): Uint8Array {
  const height = data.length / (width * channels);
  const out = new Uint8Array(height * side * channels);
  for (let y = 0; y < height; y++) {
    const start = (y * width + left) * channels;
    out.set(data.subarray(start, start + side * channels), y * side * channels);
  }
  return out;
}

/** The vertical pass. It adds whole rows, so that it reads memory in order. */
function squeezeColumns(rows: Uint8Array, axis: Axis, firstRow: number, side: number, stride: number): Uint8Array {
  const { starts, counts, weights, window } = axis;
  const out = new Uint8ClampedArray(side * stride);
  const sums = new Int32Array(stride);
  for (let y = 0; y < side; y++) {
    sums.fill(HALF);
    for (let k = 0; k < at(counts, y); k++) {
      const weight = at(weights, y * window + k);
      const from = (at(starts, y) + k - firstRow) * stride;
      for (let x = 0; x < stride; x++) sums[x] = at(sums, x) + Math.imul(at(rows, from + x), weight);
    }
    for (let x = 0; x < stride; x++) out[y * stride + x] = at(sums, x) >> WEIGHT_BITS;
  }
  return new Uint8Array(out.buffer);
}

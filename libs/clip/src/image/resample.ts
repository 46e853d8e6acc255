import type { Geometry } from './geometry.js';
import { type AxisWeights, axisWeights, WEIGHT_BITS } from './resample-weights.js';

/** A picture as every decoder hands it on: 8-bit RGB, row by row, three bytes a pixel. */
export interface RgbImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * Pillow's two-pass bicubic resize, computed for the square of `geometry` only: a 1 x 2000 picture would otherwise be
 * blown up to 224 x 448,000. Horizontal pass first, rounded to 8 bits, then the vertical one, as in Pillow's
 * `Resample.c`; an axis that keeps its size is copied. Answers `side * side * 3` bytes.
 */
export function resampleCrop(image: RgbImage, geometry: Geometry): Uint8Array {
  const { left, top, side } = geometry;
  const vertical = axisWeights(image.height, geometry.height, top, side);
  const keepsHeight = geometry.height === image.height;
  const firstRow = keepsHeight ? top : (vertical.starts[0] ?? 0);
  const lastRow = keepsHeight ? top + side : (vertical.starts[side - 1] ?? 0) + (vertical.counts[side - 1] ?? 0);
  const rows = image.data.subarray(firstRow * image.width * 3, lastRow * image.width * 3);
  const narrow =
    geometry.width === image.width
      ? cutColumns(rows, image.width, left, side)
      : squeezeRows(rows, image.width, axisWeights(image.width, geometry.width, left, side), side);
  return keepsHeight ? narrow : squeezeColumns(narrow, vertical, firstRow, side);
}

function cutColumns(rows: Uint8Array, width: number, left: number, side: number): Uint8Array {
  const height = rows.length / (width * 3);
  const out = new Uint8Array(height * side * 3);
  for (let y = 0; y < height; y++) {
    const start = (y * width + left) * 3;
    out.set(rows.subarray(start, start + side * 3), y * side * 3);
  }
  return out;
}

function squeezeRows(rows: Uint8Array, width: number, axis: AxisWeights, side: number): Uint8Array {
  const { starts, counts, weights, window } = axis;
  const height = rows.length / (width * 3);
  const out = new Uint8ClampedArray(height * side * 3);
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < side; x++) {
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      let from = (y * width + at(starts, x)) * 3;
      const end = x * window + at(counts, x);
      for (let k = x * window; k < end; k++, from += 3) {
        const weight = at(weights, k);
        red += Math.imul(at(rows, from), weight);
        green += Math.imul(at(rows, from + 1), weight);
        blue += Math.imul(at(rows, from + 2), weight);
      }
      out[to++] = red >> WEIGHT_BITS;
      out[to++] = green >> WEIGHT_BITS;
      out[to++] = blue >> WEIGHT_BITS;
    }
  }
  return new Uint8Array(out.buffer);
}

/** Adds whole rows, so that memory is walked in order. */
function squeezeColumns(rows: Uint8Array, axis: AxisWeights, firstRow: number, side: number): Uint8Array {
  const { starts, counts, weights, window } = axis;
  const stride = side * 3;
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

const HALF = 1 << (WEIGHT_BITS - 1);

/** Element access for the inner loops; every index is inside by construction. */
function at(values: Uint8Array | Int32Array, index: number): number {
  return values[index] ?? 0;
}

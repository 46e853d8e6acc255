import type { Geometry } from './geometry.js';
import type { Raster } from './picture.js';
import { type AxisWeights, axisWeights, fixedPoint, WEIGHT_BITS } from './resample-weights.js';

type Axis = AxisWeights<Int32Array>;

/**
 * Pillow's two-pass antialiased resize, computed for the square of `geometry` only: a 1 x 2000 picture would otherwise be
 * blown up to 224 x 448,000. Each channel for itself; horizontal pass first, rounded to 8 bits, then the vertical one,
 * as in Pillow's `Resample.c`; an axis that keeps its size is copied. Answers `side * side * channels` bytes.
 */
export function resampleCrop({ data, width, height, channels }: Raster, geometry: Geometry): Uint8Array {
  const { left, top, side, kernel } = geometry;
  const vertical = fixedPoint(axisWeights(height, geometry.height, top, side, kernel));
  const keepsHeight = geometry.height === height;
  const firstRow = keepsHeight ? top : (vertical.starts[0] ?? 0);
  const lastRow = keepsHeight ? top + side : (vertical.starts[side - 1] ?? 0) + (vertical.counts[side - 1] ?? 0);
  const rows = { data: data.subarray(firstRow * width * channels, lastRow * width * channels), width, channels };
  const narrow =
    geometry.width === width
      ? cutColumns(rows, left, side)
      : squeezeRows(rows, fixedPoint(axisWeights(width, geometry.width, left, side, kernel)), side);
  return keepsHeight ? narrow : squeezeColumns(narrow, vertical, firstRow, side, side * channels);
}

type Rows = Omit<Raster, 'height'>;

function cutColumns({ data, width, channels }: Rows, left: number, side: number): Uint8Array {
  const height = data.length / (width * channels);
  const out = new Uint8Array(height * side * channels);
  for (let y = 0; y < height; y++) {
    const start = (y * width + left) * channels;
    out.set(data.subarray(start, start + side * channels), y * side * channels);
  }
  return out;
}

/** Most pictures are RGB, and one walk with three sums takes two thirds of the time of three walks with one. */
function squeezeRows(rows: Rows, axis: Axis, side: number): Uint8Array {
  const out = new Uint8ClampedArray((rows.data.length / (rows.width * rows.channels)) * side * rows.channels);
  if (rows.channels === 3) squeezeRgb(out, rows, axis, side);
  else squeezeEach(out, rows, axis, side);
  return new Uint8Array(out.buffer);
}

function squeezeRgb(out: Uint8ClampedArray, { data, width }: Rows, axis: Axis, side: number): void {
  const { starts, counts, weights, window } = axis;
  for (let to = 0, row = 0; to < out.length; row += width) {
    for (let x = 0; x < side; x++) {
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      let from = (row + at(starts, x)) * 3;
      const end = x * window + at(counts, x);
      for (let k = x * window; k < end; k++, from += 3) {
        const weight = at(weights, k);
        red += Math.imul(at(data, from), weight);
        green += Math.imul(at(data, from + 1), weight);
        blue += Math.imul(at(data, from + 2), weight);
      }
      out[to++] = red >> WEIGHT_BITS;
      out[to++] = green >> WEIGHT_BITS;
      out[to++] = blue >> WEIGHT_BITS;
    }
  }
}

function squeezeEach(out: Uint8ClampedArray, { data, width, channels }: Rows, axis: Axis, side: number): void {
  const { starts, counts, weights, window } = axis;
  for (let to = 0, row = 0; to < out.length; row += width) {
    for (let x = 0; x < side; x++) {
      const first = (row + at(starts, x)) * channels;
      const end = x * window + at(counts, x);
      for (let channel = 0; channel < channels; channel++) {
        let sum = HALF;
        for (let k = x * window, from = first + channel; k < end; k++, from += channels) {
          sum += Math.imul(at(data, from), at(weights, k));
        }
        out[to++] = sum >> WEIGHT_BITS;
      }
    }
  }
}

/** Adds whole rows, so that memory is walked in order. */
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

const HALF = 1 << (WEIGHT_BITS - 1);

/** Element access for the inner loops; every index is inside by construction. */
function at(values: Uint8Array | Int32Array, index: number): number {
  return values[index] ?? 0;
}

import type { Geometry, Kernel } from './geometry.js';
import type { WidePicture } from './picture.js';
import { type AxisWeights, axisWeights } from './resample-weights.js';

/**
 * Pillow's two-pass antialiased resize of 16-bit gray, computed for the square of `geometry` only: floating-point weights,
 * each pass rounded to 16 bits, an axis that keeps its size is copied. Answers `side * side` samples.
 * Source: `ImagingResampleHorizontal_16bpc` and `…Vertical_16bpc` of Pillow's `Resample.c`.
 */
export function resampleCrop16({ data, width, height }: WidePicture, geometry: Geometry): Uint16Array {
  const { left, top, side, kernel } = geometry;
  const columns = axisOf(width, geometry.width, left, side, kernel);
  const rows = axisOf(height, geometry.height, top, side, kernel);
  const firstRow = rows.starts[0] ?? 0;
  const rowCount = (rows.starts[side - 1] ?? 0) + (rows.counts[side - 1] ?? 0) - firstRow;
  const narrow = new Uint16Array(rowCount * side);
  for (let y = 0; y < rowCount; y++) {
    for (let x = 0; x < side; x++) narrow[y * side + x] = weighted(data, (firstRow + y) * width, 1, columns, x);
  }
  const square = new Uint16Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) square[y * side + x] = weighted(narrow, x - firstRow * side, side, rows, y);
  }
  return square;
}

/** An axis that keeps its size has windows of one pixel. */
function axisOf(inputSize: number, outputSize: number, from: number, count: number, kernel?: Kernel): AxisWeights {
  if (inputSize !== outputSize) return axisWeights(inputSize, outputSize, from, count, kernel);
  return {
    starts: Int32Array.from({ length: count }, (_, at) => from + at),
    counts: new Int32Array(count).fill(1),
    weights: new Float64Array(count).fill(1),
    window: 1,
  };
}

/** Output pixel `at` of a line of samples that starts at `origin` and takes `stride` samples a pixel. */
function weighted(data: Uint16Array, origin: number, stride: number, axis: AxisWeights, at: number): number {
  const start = axis.starts[at] ?? 0;
  const count = axis.counts[at] ?? 0;
  let sum = 0;
  for (let k = 0; k < count; k++) {
    sum += (data[origin + (start + k) * stride] ?? 0) * (axis.weights[at * axis.window + k] ?? 0);
  }
  return twoBytes(Math.trunc(sum >= 0 ? sum + 0.5 : sum - 0.5));
}

/** Pillow clips the two bytes each for itself, so that what is above 65535 keeps its own low byte. */
function twoBytes(value: number): number {
  return (clip8(value >> 8) << 8) | clip8(value % 256);
}

function clip8(value: number): number {
  return Math.max(0, Math.min(255, value));
}

import type { Kernel } from '../../files/preprocessing.js';
import type { Geometry } from './geometry.js';
import type { WidePicture } from '../picture.js';
import { type AxisWeights, axisWeights } from './resample-weights.js';

/**
 * Resizes gray of more than 8 bits by Pillow's two antialiased passes, for the square of `geometry` only. Weights are
 * floating point, each pass is rounded to what the mode holds, and an axis that keeps its size is copied. Source:
 * `ImagingResampleHorizontal_16bpc`, `…_32bpc` and the vertical ones of Pillow's `Resample.c`.
 */
export function resampleWide(picture: WidePicture, geometry: Geometry): WidePicture {
  const { mode, data, width, height } = picture;
  const { side } = geometry;
  const axes = {
    columns: axisOf(width, geometry.width, geometry.left, side, geometry.kernel),
    rows: axisOf(height, geometry.height, geometry.top, side, geometry.kernel),
  };
  const size = { width: side, height: side };
  if (mode === 'I;16') {
    return { ...size, mode, data: resampled(data, width, axes, (length) => new Uint16Array(length), toSixteenBits) };
  }
  if (mode === 'I') {
    return { ...size, mode, data: resampled(data, width, axes, (length) => new Int32Array(length), toThirtyTwoBits) };
  }
  return {
    ...size,
    mode,
    data: resampled(
      data,
      width,
      axes,
      (length) => new Float32Array(length),
      (sum) => sum,
    ),
  };
}

interface Axes {
  readonly columns: AxisWeights;
  readonly rows: AxisWeights;
}

/** Runs both passes. `kept` rounds a sum to what the mode holds. */
function resampled<Data extends Uint16Array | Int32Array | Float32Array>(
  data: Data,
  width: number,
  { columns, rows }: Axes,
  empty: (length: number) => Data,
  kept: (sum: number) => number,
): Data {
  const side = columns.starts.length;
  const firstRow = rows.starts[0] ?? 0;
  const rowCount = (rows.starts[side - 1] ?? 0) + (rows.counts[side - 1] ?? 0) - firstRow;
  const narrow = empty(rowCount * side);
  for (let y = 0; y < rowCount; y++) {
    for (let x = 0; x < side; x++) narrow[y * side + x] = kept(weighted(data, (firstRow + y) * width, 1, columns, x));
  }
  const square = empty(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) square[y * side + x] = kept(weighted(narrow, x - firstRow * side, side, rows, y));
  }
  return square;
}

/** Returns the weights of an axis; one that keeps its size has windows of one pixel. */
function axisOf(inputSize: number, outputSize: number, from: number, count: number, kernel?: Kernel): AxisWeights {
  if (inputSize !== outputSize) return axisWeights(inputSize, outputSize, from, count, kernel);
  return {
    starts: Int32Array.from({ length: count }, (_, at) => from + at),
    counts: new Int32Array(count).fill(1),
    weights: new Float64Array(count).fill(1),
    window: 1,
  };
}

/** Computes output pixel `at` of a line of samples that starts at `origin` and takes `stride` samples a pixel. */
function weighted(
  data: Uint16Array | Int32Array | Float32Array,
  origin: number,
  stride: number,
  axis: AxisWeights,
  at: number,
): number {
  const start = axis.starts[at] ?? 0;
  const count = axis.counts[at] ?? 0;
  let sum = 0;
  for (let k = 0; k < count; k++) {
    sum += (data[origin + (start + k) * stride] ?? 0) * (axis.weights[at * axis.window + k] ?? 0);
  }
  return sum;
}

/** Pillow's `ROUND_UP`. */
function toWhole(sum: number): number {
  return Math.trunc(sum >= 0 ? sum + 0.5 : sum - 0.5);
}

/** C converts a sum that 32 bits cannot hold to the lowest number that they can hold. */
function toThirtyTwoBits(sum: number): number {
  const value = toWhole(sum);
  return value >= -(2 ** 31) && value < 2 ** 31 ? value : -(2 ** 31);
}

/** Pillow clips each of the two bytes separately, so a sum above 65535 keeps its own low byte. */
function toSixteenBits(sum: number): number {
  const value = toWhole(sum);
  return (clip8(value >> 8) << 8) | clip8(value % 256);
}

function clip8(value: number): number {
  return Math.max(0, Math.min(255, value));
}

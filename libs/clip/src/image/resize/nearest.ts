import type { Geometry } from './geometry.js';
import type { Raster } from '../picture.js';

/**
 * Pillow's resize by nearest pixel, computed for the square of `geometry` only. Answers `side * side * channels` bytes.
 */
export function nearestCrop({ data, width, height, channels }: Raster, geometry: Geometry): Uint8Array {
  const { left, top, side } = geometry;
  const columns = nearestOf(width, geometry.width, left, side);
  const rows = nearestOf(height, geometry.height, top, side);
  const out = new Uint8Array(side * side * channels);
  let to = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = (row * width + column) * channels;
      for (let channel = 0; channel < channels; channel++) out[to++] = data[from + channel] ?? 0;
    }
  }
  return out;
}

/**
 * Pillow's sum is followed for so many output pixels (some milliseconds) and no further: there Pillow itself would need
 * gigabytes for the enlarged picture, and a file of a kilobyte could hold a replica for as long as it claims to be high.
 */
const SUMMED_MAX = 4_000_000;

/**
 * The input pixel under the middle of each output pixel. The position is summed up step by step because Pillow does so
 * (`ImagingScaleAffine` of `Geometry.c`): where it falls between two pixels, the rounding of the sum decides.
 */
function nearestOf(inputSize: number, outputSize: number, from: number, count: number): Int32Array {
  const step = inputSize / outputSize;
  const nearest = new Int32Array(count);
  const first = from > SUMMED_MAX ? from : 0;
  let position = step * (first + 0.5);
  for (let at = first; at < from + count; at++, position += step) {
    if (at >= from) nearest[at - from] = Math.min(Math.trunc(position), inputSize - 1);
  }
  return nearest;
}

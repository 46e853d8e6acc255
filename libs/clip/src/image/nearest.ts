import type { Geometry } from './geometry.js';
import type { Raster } from './picture.js';

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
 * The input pixel under the middle of each output pixel. The position is summed up step by step because Pillow does so
 * (`ImagingScaleAffine` of `Geometry.c`): where it falls between two pixels, the rounding of the sum decides.
 */
function nearestOf(inputSize: number, outputSize: number, from: number, count: number): Int32Array {
  const step = inputSize / outputSize;
  const nearest = new Int32Array(count);
  let position = step * 0.5;
  for (let at = 0; at < from + count; at++, position += step) {
    if (at >= from) nearest[at - from] = Math.min(Math.trunc(position), inputSize - 1);
  }
  return nearest;
}

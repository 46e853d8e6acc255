import type { Geometry } from './geometry.js';
import type { BytePicture, Picture, Raster } from '../picture.js';
import { resampleCrop } from './resample.js';
import { resampleWide } from './resample-wide.js';

/**
 * Resizes and crops a picture in its own mode, as Pillow's `Image.resize` (bicubic) and `crop` do. Like Pillow it
 * resizes palettes and 1 bit by nearest pixel, and multiplies colours by alpha while it resizes. A picture that keeps
 * its size is only cropped. The samples of a picture with alpha are overwritten. Source: `Image.resize` in Pillow's
 * `src/PIL/Image.py`.
 */
export function resizeCrop(picture: Picture, geometry: Geometry): Picture {
  const size = { width: geometry.side, height: geometry.side };
  if (picture.mode === 'I;16' || picture.mode === 'I' || picture.mode === 'F') return resampleWide(picture, geometry);
  return { ...picture, ...size, data: resizedBytes(picture, geometry) };
}

function resizedBytes(picture: BytePicture, geometry: Geometry): Uint8Array {
  const { mode, width, height } = picture;
  if (mode === '1' || mode === 'P') return nearestCrop(picture, geometry);
  const keepsSize = width === geometry.width && height === geometry.height;
  return resampleCrop(picture, geometry, !keepsSize && (mode === 'LA' || mode === 'RGBA'));
}

/**
 * Resizes by nearest pixel as Pillow does, for the square of `geometry` only. Returns `side * side * channels` bytes.
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
 * Output pixels up to which Pillow's sum is followed (some milliseconds). Beyond it Pillow itself would need gigabytes
 * for the enlarged picture, and a file of a kilobyte could occupy a replica for as long as it claims to be high.
 */
const SUMMED_MAX = 4_000_000;

/**
 * Returns the input pixel under the middle of each output pixel. It sums the position up step by step as Pillow does
 * (`ImagingScaleAffine` of `Geometry.c`): between two pixels the rounding of the sum decides.
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

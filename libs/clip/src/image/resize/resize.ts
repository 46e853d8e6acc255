import type { Geometry } from './geometry.js';
import { nearestCrop } from './nearest.js';
import type { BytePicture, Picture } from '../picture.js';
import { resampleCrop } from './resample.js';
import { resampleWide } from './resample-wide.js';

/**
 * Pillow's `Image.resize` (bicubic) and the crop after it, in the picture's own mode, with what Pillow does on its own
 * account: palettes and 1 bit go by nearest pixel, alpha is multiplied in for the time of resizing. A picture that
 * keeps its size is only cropped. A picture with alpha is used up: its samples are overwritten.
 * Source: `Image.resize` in Pillow's `src/PIL/Image.py`.
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

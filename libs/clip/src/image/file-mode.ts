import type { Metadata } from 'sharp';
import type { ImageFormat } from './image-format.js';
import { tiffTag } from './tiff-tag.js';

/**
 * The Pillow mode of a file, so far as resizing depends on it: `RGB` also stands for `L`, `RGBA` for `LA` and `P` for
 * `1`.
 */
export type FileMode = 'P' | 'RGB' | 'RGBA' | 'CMYK' | 'I;16';

/**
 * The mode in which Pillow opens the file. libvips does not always tell: it unfolds a TIFF's palette silently, and calls
 * alpha what Pillow does not (a PNG's transparent colour, a TIFF's sample without a meaning).
 * Source: `_MODES` of Pillow's `PngImagePlugin.py` and `OPEN_INFO` of its `TiffImagePlugin.py`.
 */
export function fileModeOf(bytes: Uint8Array, format: ImageFormat, header: Metadata): FileMode {
  if (header.space === 'cmyk') return 'CMYK';
  if (header.isPalette || header.bitsPerSample === 1) return 'P';
  if (format === 'tiff' && tiffTag(bytes, PHOTOMETRIC) === PHOTOMETRIC_PALETTE) return 'P';
  if (header.hasAlpha && isAlpha(bytes, format)) return 'RGBA';
  return header.space === 'grey16' ? 'I;16' : 'RGB';
}

const PHOTOMETRIC = 262;
const PHOTOMETRIC_PALETTE = 3;
const EXTRA_SAMPLES = 338;
const EXTRA_WITHOUT_MEANING = 0;
/** In a PNG's header: where the kind of colour is, and the bit in it that stands for an alpha channel. */
const PNG_COLOUR_AT = 25;
const PNG_ALPHA_BIT = 4;

function isAlpha(bytes: Uint8Array, format: ImageFormat): boolean {
  if (format === 'png') return ((bytes[PNG_COLOUR_AT] ?? 0) & PNG_ALPHA_BIT) !== 0;
  return format !== 'tiff' || tiffTag(bytes, EXTRA_SAMPLES) !== EXTRA_WITHOUT_MEANING;
}

import type { Metadata } from 'sharp';
import type { ImageFormat } from './image-format.js';

/**
 * The Pillow mode of a file, as far as resizing depends on it: `RGB` also stands for `L`, `RGBA` for `LA`, and `P` for
 * `1`.
 */
export type FileMode = 'P' | 'RGB' | 'RGBA' | 'CMYK' | 'I;16';

/**
 * Returns the mode in which Pillow opens a file that libvips decodes. libvips reports alpha where Pillow does not: for
 * a PNG's transparent colour, and for what the frames of a WebP leave free. Sources: `_MODES` of Pillow's
 * `PngImagePlugin.py`, and its `_webp.c`.
 */
export function fileModeOf(bytes: Uint8Array, format: ImageFormat, header: Metadata): FileMode {
  if (header.space === 'cmyk') return 'CMYK';
  if (header.isPalette || header.bitsPerSample === 1) return 'P';
  if (header.hasAlpha && isAlpha(bytes, format)) return 'RGBA';
  return header.space === 'grey16' ? 'I;16' : 'RGB';
}

/** In a PNG's header: the place of the colour type, and its bit for an alpha channel. */
const PNG_COLOUR_AT = 25;
const PNG_ALPHA_BIT = 4;
/** In a WebP: the place of the first chunk, the flags of an extended header, and their bit for alpha. */
const WEBP_CHUNK_AT = 12;
const WEBP_FLAGS_AT = 20;
const WEBP_ALPHA_BIT = 0x10;

function isAlpha(bytes: Uint8Array, format: ImageFormat): boolean {
  if (format === 'png') return ((bytes[PNG_COLOUR_AT] ?? 0) & PNG_ALPHA_BIT) !== 0;
  return !(format === 'webp' && isWebpWithoutAlpha(bytes));
}

/**
 * A WebP with an extended header has alpha only if the header says so, even if a frame leaves pixels free or has alpha.
 */
function isWebpWithoutAlpha(bytes: Uint8Array): boolean {
  const isExtended = Buffer.from(bytes.subarray(WEBP_CHUNK_AT, WEBP_CHUNK_AT + 4)).toString('latin1') === 'VP8X';
  return isExtended && ((bytes[WEBP_FLAGS_AT] ?? 0) & WEBP_ALPHA_BIT) === 0;
}

import sharp, { type Metadata, type Sharp } from 'sharp';
import { thrownText } from '#core';
import { imageUnreadable } from '../image-errors.js';
import type { Picture, Raster, WidePicture } from '../picture.js';
import type { ImageFormat } from './image-format.js';

/**
 * Sets libvips up, once per process, for pictures of unknown senders: only the five loaders that are needed, no cache
 * (every picture is new), one thread a picture (pictures are decoded side by side).
 */
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadTiffBuffer',
    'VipsForeignLoadHeifBuffer',
  ],
});
sharp.cache(false);
sharp.concurrency(1);

/**
 * Opens a decoder that behaves as Pillow's `Image.open`: it ignores colour profiles and the orientation, and reads only
 * the first page. A file that ends too early is an error; lesser flaws are not.
 */
export function openImage(bytes: Uint8Array, pixelsMax: number): Sharp {
  return sharp(bytes, {
    failOn: 'error',
    limitInputPixels: pixelsMax,
    ignoreIcc: true,
    pages: 1,
    page: 0,
  });
}

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

/**
 * Decodes a file, opened by `openImage`, as Pillow's `Image.open` does. `mode` comes from `fileModeOf`. Rejects with
 * `image_unreadable`.
 */
export async function decode(image: Sharp, mode: FileMode): Promise<Picture> {
  switch (mode) {
    case 'CMYK':
      return { ...(await rawOf(image.pipelineColourspace('cmyk').toColourspace('cmyk'))), mode };
    case 'I;16':
      return rawGray16Of(image.removeAlpha());
    case 'RGBA':
      return { ...(await rawOf(image)), mode };
    default:
      return { ...(await rawOf(image.removeAlpha())), mode };
  }
}

/** Opens decoded pixels as the start of another pipeline. */
export function openRaw({ data, width, height, channels }: Raster): Sharp {
  if (channels !== 1 && channels !== 3) throw imageUnreadable(`${channels} channels`);
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
}

/** Runs a pipeline to raw 8-bit samples. Rejects with `image_unreadable`. */
export async function rawOf(pipeline: Sharp): Promise<Raster> {
  const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true }).catch(unreadable);
  return { data, width: info.width, height: info.height, channels: info.channels };
}

/** Runs a pipeline over 16-bit gray to its samples as they are in the file. Rejects with `image_unreadable`. */
async function rawGray16Of(pipeline: Sharp): Promise<WidePicture> {
  const wide = pipeline.toColourspace('grey16').raw({ depth: 'ushort' });
  const { data, info } = await wide.toBuffer({ resolveWithObject: true }).catch(unreadable);
  const all = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  const first = info.channels === 1 ? all : all.filter((_, at) => at % info.channels === 0);
  return { mode: 'I;16', data: first, width: info.width, height: info.height };
}

/** Reads the header and decodes nothing. Rejects with `image_unreadable`. */
export async function headerOf(bytes: Uint8Array): Promise<Metadata> {
  return sharp(bytes, { limitInputPixels: false }).metadata().catch(unreadable);
}

function unreadable(cause: unknown): never {
  throw imageUnreadable(thrownText(cause));
}

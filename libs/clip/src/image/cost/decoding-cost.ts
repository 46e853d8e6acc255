import { DomainError, type EncodeItem } from '#core';
import type { ImageFormat } from '../formats/image-format.js';
import { SIDE_MAX } from '../image-limits.js';
import { type PictureHeader, pictureHeaderOf } from '../header/picture-header.js';

/** The cost of converting a picture to the model's square, by its header. Estimates for hard content, not averages. */
export interface DecodingCost {
  /** Milliseconds on one core of a small server (measured on a shared Xeon core; docs/limits.md). */
  readonly workMs: number;
  /** Peak memory in bytes, without the file itself. */
  readonly bytes: number;
}

/** Nanoseconds and bytes of memory per pixel. */
interface Rate {
  readonly ns: number;
  readonly bytes: number;
}

/** Decoding, and shrinking where libvips does that while it decodes. Measured on 50 million pixels of noise. */
const FORMATS: Readonly<Record<ImageFormat, Rate>> = {
  jpeg: { ns: 5, bytes: 1 },
  png: { ns: 14, bytes: 1 },
  webp: { ns: 30, bytes: 9 },
  gif: { ns: 18, bytes: 3 },
  bmp: { ns: 26, bytes: 5 },
  tiff: { ns: 35, bytes: 6 },
  avif: { ns: 150, bytes: 18 },
};
/** A progressive JPEG keeps its coefficients, and each scan walks over them (see `JPEG_SCANS_MAX`). */
const PROGRESSIVE: Rate = { ns: 40, bytes: 8 };
/** An interlaced PNG. */
const INTERLACED: Rate = { ns: 15, bytes: 5 };
/**
 * Pictures that this service resamples itself, as Pillow does, whole in memory: alpha, inks, 16 bits, TIFF that is not
 * plain, and enlarged ones.
 */
const RESAMPLED: Rate = { ns: 35, bytes: 5 };
/** Shorter sides are enlarged to about this before the other side is resampled. */
const SIDE_SEEN = 224;

/** Pictures that take longer are refused. All that `CAS_IMAGE_PIXELS_MAX` allows by default take less, except AVIF. */
export const WORK_MS_MAX = 13_000;

const FREE: DecodingCost = { workMs: 0, bytes: 0 };
/** A picture of unknown cost is decoded alone. */
const MOST: DecodingCost = { workMs: WORK_MS_MAX, bytes: 4 * 2 ** 30 };

/**
 * Most scans of a progressive JPEG. Encoders make about ten. The format allows thousands, and each is a walk over the
 * picture for a few bytes of the file.
 */
export const JPEG_SCANS_MAX = 100;

/**
 * A picture that takes longer is decoded in a thread and a batch of its own, so that other requests do not wait for it.
 * Photos of up to 48 million pixels take less.
 */
export const COSTLY_MS = 250;

/**
 * Estimates the cost of decoding a picture with this header. `resampledHere` means that the model needs a filter that
 * libvips lacks.
 *
 * @example
 * decodingCost({ format: 'jpeg', width: 4000, height: 3000, samples: 3, bits: 8, inPasses: false }).workMs; // 60
 */
export function decodingCost(header: PictureHeader, resampledHere = false): DecodingCost {
  const { format, width, height } = header;
  const pixels = width * height;
  const resampled = Math.max(width, SIDE_SEEN) * Math.max(height, SIDE_SEEN);
  const parts = [times(FORMATS[format], pixels)];
  if (header.inPasses && format === 'jpeg') parts.push(times(PROGRESSIVE, pixels));
  if (header.inPasses && format === 'png') parts.push(times(INTERLACED, pixels));
  if (resampledHere || isResampled(header)) parts.push(times(RESAMPLED, resampled));
  return parts.reduce((sum, part) => ({ workMs: sum.workMs + part.workMs, bytes: sum.bytes + part.bytes }));
}

/**
 * Estimates the cost of an item before it reaches the model. Texts cost nothing. A picture whose header tells nothing
 * costs the most that one may cost; one that will be refused by its header costs nothing. Cheap, and never throws.
 */
export function costOf(item: EncodeItem, resampledHere = false): DecodingCost {
  if (item.kind === 'text') return FREE;
  if (item.kind === 'pixels') return times(RESAMPLED, item.pixels.width * item.pixels.height);
  try {
    const header = pictureHeaderOf(item.bytes);
    if (header && Math.max(header.width, header.height) > SIDE_MAX) return FREE;
    const cost = header ? decodingCost(header, resampledHere) : MOST;
    return cost.workMs > WORK_MS_MAX ? FREE : cost;
  } catch {
    return FREE;
  }
}

/** Throws `image_too_large` when decoding the picture would take too long. */
export function checkWork(header: PictureHeader): void {
  const { workMs } = decodingCost(header);
  if (workMs <= WORK_MS_MAX) return;
  const { format, width, height } = header;
  const pixels = width * height;
  const most = Math.floor((pixels * WORK_MS_MAX) / workMs / 1e6);
  throw new DomainError(
    'image_too_large',
    `The image is ${width} x ${height} pixels, ${Math.round(pixels / 1e6)} million in all; of ${format.toUpperCase()} files ` +
      `like it at most ${most} million are decoded, since that takes long. Send a smaller picture, or a JPEG.`,
  );
}

function times({ ns, bytes }: Rate, pixels: number): DecodingCost {
  return { workMs: (ns * pixels) / 1e6, bytes: bytes * pixels };
}

function isResampled({ format, width, height, samples, bits }: PictureHeader): boolean {
  if (Math.min(width, height) < SIDE_SEEN) return true;
  if (format === 'gif' || format === 'bmp' || format === 'avif') return false;
  return format === 'tiff' || samples === 2 || samples >= 4 || bits > 8;
}

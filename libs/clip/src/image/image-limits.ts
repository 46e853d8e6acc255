import { DomainError } from '#core';

/** The limits of an image, which are checked before it is decoded. */
export interface ImageLimits {
  /** Size of the encoded file, in bytes. */
  readonly bytesMax: number;
  /** Width times height, in pixels: a small file may unpack to a huge picture. */
  readonly pixelsMax: number;
}

/**
 * 32 MiB, and the 178,956,970 pixels from which on Pillow refuses a file as a decompression bomb (twice its
 * `Image.MAX_IMAGE_PIXELS`). So every picture that a Python program opens by default is accepted.
 */
export const IMAGE_LIMITS_DEFAULT: ImageLimits = { bytesMax: 32 * 1024 * 1024, pixelsMax: 178_956_970 };

/**
 * Longest side of a picture, in pixels: the most that JPEG and GIF can hold. Decoders take half a microsecond per row,
 * and a filter over a whole side holds 16 bytes per pixel: beyond this limit the shape costs more than the pixels.
 */
export const SIDE_MAX = 65_535;

/** Throws `image_too_large` when the file has more bytes than allowed. */
export function checkBytes(bytes: Uint8Array, limits: ImageLimits): void {
  if (bytes.length <= limits.bytesMax) return;
  throw new DomainError(
    'image_too_large',
    `The image has ${bytes.length} bytes; at most ${limits.bytesMax} are allowed (CAS_IMAGE_BYTES_MAX). Send a smaller file.`,
  );
}

/** Throws `image_too_large` when the picture has more pixels than allowed, or a side that is too long. */
export function checkPixels(width: number, height: number, limits: ImageLimits): void {
  if (width * height > limits.pixelsMax) {
    throw new DomainError(
      'image_too_large',
      `The image is ${width} x ${height} pixels, ${width * height} in all; at most ${limits.pixelsMax} are allowed ` +
        '(CAS_IMAGE_PIXELS_MAX). Send a smaller picture.',
    );
  }
  if (Math.max(width, height) <= SIDE_MAX) return;
  throw new DomainError(
    'image_too_large',
    `The image is ${width} x ${height} pixels; a side may have at most ${SIDE_MAX}. Send a smaller picture, or cut it up.`,
  );
}

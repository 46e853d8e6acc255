import { DomainError } from '#core';

/** What an image may cost before any of it is decoded. */
export interface ImageLimits {
  /** Size of the encoded file, in bytes. */
  readonly bytesMax: number;
  /** Width times height, in pixels: what a small "bomb" file would unpack to. */
  readonly pixelsMax: number;
}

/** 20 MiB and 50 million pixels: above what cameras write, and at most 200 MB of memory while decoding. */
export const IMAGE_LIMITS_DEFAULT: ImageLimits = { bytesMax: 20 * 1024 * 1024, pixelsMax: 50_000_000 };

/** Throws `image_too_large` when the file has more bytes than allowed. */
export function checkBytes(bytes: Uint8Array, limits: ImageLimits): void {
  if (bytes.length <= limits.bytesMax) return;
  throw new DomainError(
    'image_too_large',
    `The image has ${bytes.length} bytes; at most ${limits.bytesMax} are allowed. Send a smaller file.`,
  );
}

/** Throws `image_too_large` when the picture has more pixels than allowed. */
export function checkPixels(width: number, height: number, limits: ImageLimits): void {
  if (width * height <= limits.pixelsMax) return;
  throw new DomainError(
    'image_too_large',
    `The image is ${width} x ${height} pixels; at most ${limits.pixelsMax} pixels are allowed. Send a smaller picture.`,
  );
}

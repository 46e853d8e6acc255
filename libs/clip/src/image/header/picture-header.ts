import { type ImageFormat, imageFormatOf } from '../formats/image-format.js';
import { avifHeader, bmpHeader, pngHeader, webpHeader } from './fixed-headers.js';
import { gifHeader } from './gif.js';
import type { HeaderFields } from './header-fields.js';
import { jpegHeader } from './jpeg.js';
import { tiffHeader } from './tiff.js';

/** The header of a file, which tells how much work its picture will be. */
export interface PictureHeader extends HeaderFields {
  readonly format: ImageFormat;
}

const READERS: Readonly<Record<ImageFormat, (bytes: Buffer) => HeaderFields | undefined>> = {
  jpeg: jpegHeader,
  png: pngHeader,
  webp: webpHeader,
  gif: gifHeader,
  bmp: bmpHeader,
  tiff: tiffHeader,
  avif: avifHeader,
};

/**
 * Reads the header of an image file without decoding anything, in some microseconds and a bounded number of steps,
 * since the process that answers the network does it too. Returns undefined for a header that these readers do not
 * understand; a decoder may still read the file. Throws as `imageFormatOf` for a format that is not accepted.
 *
 * @example
 * pictureHeaderOf(await readFile('cat.jpg'));
 * // { format: 'jpeg', width: 640, height: 480, samples: 3, bits: 8, inPasses: false }
 */
export function pictureHeaderOf(bytes: Uint8Array): PictureHeader | undefined {
  const format = imageFormatOf(bytes);
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields = fieldsOrNone(() => READERS[format](file));
  return fields && fields.width > 0 && fields.height > 0 ? { format, ...fields } : undefined;
}

/** A file that ends inside its header tells nothing. */
function fieldsOrNone(read: () => HeaderFields | undefined): HeaderFields | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

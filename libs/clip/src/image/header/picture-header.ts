import { type ImageFormat, imageFormatOf } from '../formats/image-format.js';
import { avifHeader, bmpHeader, pngHeader, webpHeader } from './fixed-headers.js';
import { gifHeader } from './gif.js';
import type { HeaderFields } from './header-fields.js';
import { jpegHeader } from './jpeg.js';
import { tiffHeader } from './tiff.js';

/** What the head of a file tells of the work that its picture will make. */
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
 * Reads the head of an image file without decoding anything: some microseconds and a bounded number of steps, whatever
 * the file, since the process that answers the network does it too. Undefined where the file does not tell, in a way
 * that these readers understand; a decoder may still read it. Throws as `imageFormatOf` for bytes of no format that we
 * take.
 */
export function pictureHeaderOf(bytes: Uint8Array): PictureHeader | undefined {
  const format = imageFormatOf(bytes);
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields = fieldsOrNone(() => READERS[format](file));
  return fields && fields.width > 0 && fields.height > 0 ? { format, ...fields } : undefined;
}

/** A file that ends inside its head tells nothing. */
function fieldsOrNone(read: () => HeaderFields | undefined): HeaderFields | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

import { DomainError } from '#core';

/** The formats that are decoded, as people write them. */
const FORMATS_TEXT = 'JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF';

/** The bytes claim a format we decode but do not keep to it. `internal` is the decoder's own word, for the log. */
export function imageUnreadable(internal: string): DomainError {
  return new DomainError(
    'image_unreadable',
    `The image cannot be decoded: the file is damaged, cut off or not an image. Send a complete ${FORMATS_TEXT} file.`,
    { internal },
  );
}

/** The bytes are of a format that is known and refused on purpose. */
export function imageFormatRefused(format: string): DomainError {
  return new DomainError(
    'image_format_refused',
    `Images of the format ${format} are not accepted. Send it as ${FORMATS_TEXT}.`,
  );
}

/** A TIFF that may be whole, of a kind that is not read: `what` names the samples or the compression. */
export function tiffRefused(what: string): DomainError {
  return new DomainError(
    'image_format_refused',
    `TIFF files with ${what} are not read. Save it with 8 bits a sample and LZW, Deflate or no compression, or as PNG.`,
  );
}

import { DomainError } from '#core';

/** The formats that are decoded, for error messages. */
const FORMATS_TEXT = 'JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF';

/** Makes the error for a file that violates its own format. `internal` is the decoder's own text, for the log. */
export function imageUnreadable(internal: string): DomainError {
  return new DomainError(
    'image_unreadable',
    `The image cannot be decoded: the file is damaged, cut off or not an image. Send a complete ${FORMATS_TEXT} file.`,
    { internal },
  );
}

/** Makes the error for a known format that is refused on purpose. */
export function imageFormatRefused(format: string): DomainError {
  return new DomainError(
    'image_format_refused',
    `Images of the format ${format} are not accepted. Send it as ${FORMATS_TEXT}.`,
  );
}

/** Makes the error for a TIFF of a kind that is not read. `what` names the samples or the compression. */
export function tiffRefused(what: string): DomainError {
  return new DomainError(
    'image_format_refused',
    `TIFF files with ${what} are not read. Save it with 8 bits a sample and LZW, Deflate or no compression, or as PNG.`,
  );
}

import { DomainError } from '#core';
import { checkWork, JPEG_SCANS_MAX } from './decoding-cost.js';
import { countScans } from '../header/jpeg.js';
import { pictureHeaderOf } from '../header/picture-header.js';
import { imageUnreadable } from '../image-errors.js';
import { imageFormatOf } from '../formats/image-format.js';
import { checkPixels, type ImageLimits } from '../image-limits.js';

/** The size that a decoder found. */
interface Found {
  readonly width: number;
  readonly height: number;
  readonly channels?: number;
}

/**
 * Checks by the header that a picture is not too large and does not take too long to decode. The returned `verify`
 * compares the decoder's own reading with the header: batches are bounded by the header, so a file whose parts
 * contradict each other is refused. Throws `image_too_large`; `verify` also throws `image_unreadable`.
 */
export function checkHeader(bytes: Uint8Array, limits: ImageLimits): { verify(found: Found): void } {
  const header = pictureHeaderOf(bytes);
  if (header) {
    checkPixels(header.width, header.height, limits);
    checkWork(header);
    if (header.format === 'jpeg' && header.inPasses) checkScans(bytes);
  }
  return {
    verify({ width, height, channels = 4 }) {
      if (!header)
        return checkWork({ format: imageFormatOf(bytes), width, height, samples: channels, bits: 8, inPasses: true });
      if (width * height > header.width * header.height) throw imageUnreadable('more pixels than its head tells');
    },
  };
}

function checkScans(bytes: Uint8Array): void {
  const scans = countScans(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), JPEG_SCANS_MAX + 1);
  if (scans <= JPEG_SCANS_MAX) return;
  throw new DomainError(
    'image_too_large',
    `The image is a progressive JPEG of more than ${JPEG_SCANS_MAX} scans, which takes too long to decode. Save it anew.`,
  );
}

import { DomainError } from '#core';
import { checkWork, JPEG_SCANS_MAX } from './decoding-cost.js';
import { countScans } from '../header/jpeg.js';
import { pictureHeaderOf } from '../header/picture-header.js';
import { imageUnreadable } from '../image-errors.js';
import { imageFormatOf } from '../formats/image-format.js';
import { checkPixels, type ImageLimits } from '../image-limits.js';

/** The size that a decoder finds. */
interface Found {
  readonly width: number;
  readonly height: number;
  readonly channels?: number;
}

/**
 * Checks by the file's head that its picture is not too large and does not take too long to decode. `holds` then holds
 * the decoder's own reading to that: batches are made by what the head told, so a file that tells two stories is
 * refused. Throws `image_too_large`; `holds` throws `image_unreadable` too.
 */
export function checkTold(bytes: Uint8Array, limits: ImageLimits): { holds(found: Found): void } {
  const told = pictureHeaderOf(bytes);
  if (told) {
    checkPixels(told.width, told.height, limits);
    checkWork(told);
    if (told.format === 'jpeg' && told.inPasses) checkScans(bytes);
  }
  return {
    holds({ width, height, channels = 4 }) {
      if (!told)
        return checkWork({ format: imageFormatOf(bytes), width, height, samples: channels, bits: 8, inPasses: true });
      if (width * height > told.width * told.height) throw imageUnreadable('more pixels than its head tells');
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

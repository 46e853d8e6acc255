import { boxesIn } from '../formats/avif-boxes.js';
import type { HeaderFields } from './header-fields.js';

/** What stands in an `ispe` before its two sides: version and flags. */
const VERSION_BYTES = 4;

/**
 * The largest of the sizes that the file names for its pictures: it may hold thumbnails, and tiles of one picture. The
 * decoder holds the picture to it. Source: ISO/IEC 23008-12, 6.5.3. Throws `RangeError` where the file ends too early.
 */
export function avifHeader(bytes: Buffer): HeaderFields | undefined {
  const sizes = boxesIn(bytes, ['meta', 'iprp', 'ipco', 'ispe'])?.map(({ from }) => ({
    width: bytes.readUInt32BE(from + VERSION_BYTES),
    height: bytes.readUInt32BE(from + VERSION_BYTES + 4),
  }));
  const largest = sizes?.sort((a, b) => b.width * b.height - a.width * a.height)[0];
  return largest && { ...largest, samples: 3, bits: 8, inPasses: true };
}

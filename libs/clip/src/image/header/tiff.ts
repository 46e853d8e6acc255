import type { HeaderFields } from './header-fields.js';

const WIDTH = 256;
const HEIGHT = 257;
const BITS = 258;
const SAMPLES = 277;
const PLAIN_BITS = 8;
const ENTRY_BYTES = 12;
const ENTRIES_MAX = 250;
const SHORT = 3;
const LONG = 4;

/**
 * Reads the first page's directory. Source: Adobe, "TIFF Revision 6.0", section 2. Throws `RangeError` where the file
 * ends too early.
 */
export function tiffHeader(bytes: Buffer): HeaderFields | undefined {
  const little = bytes[0] === 0x49;
  const page = little ? bytes.readUInt32LE(4) : bytes.readUInt32BE(4);
  const tags = tagsOf(bytes, page, little);
  const [width, height] = [tags.get(WIDTH), tags.get(HEIGHT)];
  if (width === undefined || height === undefined) return undefined;
  return { width, height, samples: tags.get(SAMPLES) ?? 1, bits: tags.get(BITS) ?? 1, inPasses: false };
}

/** Reads numbers in the directory itself. Bits of several samples are stored elsewhere and count as 8. */
function tagsOf(bytes: Buffer, page: number, little: boolean): Map<number, number> {
  const short = (at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const long = (at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const tags = new Map<number, number>();
  const end = page + 2 + Math.min(short(page), ENTRIES_MAX) * ENTRY_BYTES;
  for (let at = page + 2; at < end; at += ENTRY_BYTES) {
    const tag = short(at);
    if (tag < WIDTH || tag > SAMPLES) continue;
    const kind = short(at + 2);
    const isOne = long(at + 4) === 1;
    if (tags.has(tag) || ![WIDTH, HEIGHT, BITS, SAMPLES].includes(tag)) continue;
    if (kind === SHORT && (isOne || tag === BITS)) tags.set(tag, isOne ? short(at + 8) : PLAIN_BITS);
    if (kind === LONG && isOne) tags.set(tag, long(at + 8));
  }
  return tags;
}

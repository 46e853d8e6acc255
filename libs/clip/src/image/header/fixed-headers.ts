import { boxesIn } from '../formats/avif-boxes.js';
import type { HeaderFields } from './header-fields.js';

/** Samples of a pixel by PNG's kinds of colour: gray, -, RGB, palette, gray and alpha, -, RGBA. */
const SAMPLES = [1, 0, 3, 1, 2, 0, 4];

/**
 * Every PNG begins with its `IHDR`. Source: PNG specification, 11.2.1. Throws `RangeError` where the file ends too
 * early.
 */
export function pngHeader(bytes: Buffer): HeaderFields | undefined {
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  return {
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
    bits: bytes.readUInt8(24),
    samples: SAMPLES[bytes.readUInt8(25)] ?? 4,
    inPasses: bytes.readUInt8(28) !== 0,
  };
}

const CORE_HEADER_BYTES = 12;

/** Source: Microsoft, `BITMAPCOREHEADER` and `BITMAPINFOHEADER`. Throws `RangeError` where the file ends too early. */
export function bmpHeader(bytes: Buffer): HeaderFields {
  const isCore = bytes.readUInt32LE(14) === CORE_HEADER_BYTES;
  const bits = bytes.readUInt16LE(isCore ? 24 : 28);
  return {
    width: isCore ? bytes.readUInt16LE(18) : bytes.readInt32LE(18),
    height: isCore ? bytes.readUInt16LE(20) : Math.abs(bytes.readInt32LE(22)),
    samples: bits <= 8 ? 1 : bits === 32 ? 4 : 3,
    bits: Math.min(bits, 8),
    inPasses: false,
  };
}

/** Where the first chunk's content begins, after `RIFF`, a length, `WEBP`, the chunk's name and its length. */
const CONTENT = 20;
const ALPHA_FLAG = 0x10;

/** Source: RFC 9649 (WebP) 2.5 to 2.7, RFC 6386 (VP8) 9.1. Throws `RangeError` where the file ends too early. */
export function webpHeader(bytes: Buffer): HeaderFields | undefined {
  const common = { bits: 8, inPasses: true };
  switch (bytes.toString('latin1', CONTENT - 8, CONTENT - 4)) {
    case 'VP8 ':
      return { ...common, ...sides(bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff), samples: 3 };
    case 'VP8L': {
      const packed = bytes.readUInt32LE(CONTENT + 1);
      const samples = (packed >>> 28) & 1 ? 4 : 3;
      return { ...common, ...sides((packed & 0x3fff) + 1, ((packed >>> 14) & 0x3fff) + 1), samples };
    }
    case 'VP8X': {
      const samples = bytes.readUInt8(CONTENT) & ALPHA_FLAG ? 4 : 3;
      return { ...common, ...sides(bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1), samples };
    }
    default:
      return undefined;
  }
}

function sides(width: number, height: number): { width: number; height: number } {
  return { width, height };
}

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

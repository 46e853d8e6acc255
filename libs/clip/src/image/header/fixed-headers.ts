import { boxesIn } from '../formats/avif-boxes.js';
import type { HeaderFields } from './header-fields.js';

/** Samples of a pixel by PNG's colour type: gray, -, RGB, palette, gray and alpha, -, RGBA. */
const PNG_SAMPLES = [1, 0, 3, 1, 2, 0, 4];

/**
 * Reads the `IHDR`, with which every PNG begins. Source: PNG specification, 11.2.1. Throws `RangeError` where the file
 * ends too early.
 */
export function pngHeader(bytes: Buffer): HeaderFields | undefined {
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  return {
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
    bits: bytes.readUInt8(24),
    samples: PNG_SAMPLES[bytes.readUInt8(25)] ?? 4,
    inPasses: bytes.readUInt8(28) !== 0,
  };
}

const BMP_CORE_HEADER_BYTES = 12;

/**
 * Reads a BMP's header. Source: Microsoft, `BITMAPCOREHEADER` and `BITMAPINFOHEADER`. Throws `RangeError` where the
 * file ends too early.
 */
export function bmpHeader(bytes: Buffer): HeaderFields {
  const isCore = bytes.readUInt32LE(14) === BMP_CORE_HEADER_BYTES;
  const bits = bytes.readUInt16LE(isCore ? 24 : 28);
  return {
    width: isCore ? bytes.readUInt16LE(18) : bytes.readInt32LE(18),
    height: isCore ? bytes.readUInt16LE(20) : Math.abs(bytes.readInt32LE(22)),
    samples: bits <= 8 ? 1 : bits === 32 ? 4 : 3,
    bits: Math.min(bits, 8),
    inPasses: false,
  };
}

/** The place of a WebP's first chunk content, after `RIFF`, a length, `WEBP`, the chunk's name and its length. */
const WEBP_CONTENT_AT = 20;
const WEBP_ALPHA_FLAG = 0x10;

/**
 * Reads the first chunk of a WebP. Source: RFC 9649 (WebP) 2.5 to 2.7, RFC 6386 (VP8) 9.1. Throws `RangeError` where
 * the file ends too early.
 */
export function webpHeader(bytes: Buffer): HeaderFields | undefined {
  const common = { bits: 8, inPasses: true };
  switch (bytes.toString('latin1', WEBP_CONTENT_AT - 8, WEBP_CONTENT_AT - 4)) {
    case 'VP8 ':
      return { ...common, ...sides(bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff), samples: 3 };
    case 'VP8L': {
      const packed = bytes.readUInt32LE(WEBP_CONTENT_AT + 1);
      const samples = (packed >>> 28) & 1 ? 4 : 3;
      return { ...common, ...sides((packed & 0x3fff) + 1, ((packed >>> 14) & 0x3fff) + 1), samples };
    }
    case 'VP8X': {
      const samples = bytes.readUInt8(WEBP_CONTENT_AT) & WEBP_ALPHA_FLAG ? 4 : 3;
      return { ...common, ...sides(bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1), samples };
    }
    default:
      return undefined;
  }
}

function sides(width: number, height: number): { width: number; height: number } {
  return { width, height };
}

/** Version and flags, which precede the two sides in an AVIF's `ispe`. */
const ISPE_VERSION_BYTES = 4;

/**
 * Returns the largest size that an AVIF names for its pictures: it may hold thumbnails, and tiles of one picture.
 * Source: ISO/IEC 23008-12, 6.5.3. Throws `RangeError` where the file ends too early.
 */
export function avifHeader(bytes: Buffer): HeaderFields | undefined {
  const sizes = boxesIn(bytes, ['meta', 'iprp', 'ipco', 'ispe'])?.map(({ from }) => ({
    width: bytes.readUInt32BE(from + ISPE_VERSION_BYTES),
    height: bytes.readUInt32BE(from + ISPE_VERSION_BYTES + 4),
  }));
  const largest = sizes?.sort((a, b) => b.width * b.height - a.width * a.height)[0];
  return largest && { ...largest, samples: 3, bits: 8, inPasses: true };
}

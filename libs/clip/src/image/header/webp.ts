import type { HeaderFields } from './header-fields.js';

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

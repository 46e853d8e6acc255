import type { HeaderFields } from './header-fields.js';

/** Samples of a pixel by PNG's kinds of colour: gray, -, RGB, palette, gray and alpha, -, RGBA. */
const SAMPLES = [1, 0, 3, 1, 2, 0, 4];

/** Every PNG begins with its `IHDR`. Source: PNG specification, 11.2.1. Throws `RangeError` where the file ends too early. */
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

import type { HeaderFields } from './header-fields.js';

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

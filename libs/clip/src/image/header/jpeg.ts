import type { HeaderFields } from './header-fields.js';

/** Most segments before the frame's. Cameras write a few dozen. */
const SEGMENTS_MAX = 250;
const SCAN = 0xda;

/** Reads the frame header. Source: ITU-T T.81, B.2. Throws `RangeError` where the file ends too early. */
export function jpegHeader(bytes: Buffer): HeaderFields | undefined {
  let at = 2;
  for (let segments = 0; segments < SEGMENTS_MAX; segments += 1) {
    if (bytes.readUInt8(at) !== 0xff) return undefined;
    const marker = bytes.readUInt8(at + 1);
    if (marker === SCAN) return undefined;
    // `SOF` markers are C0 to CF but these three: Huffman tables, an extension, arithmetic tables.
    const isTable = marker === 0xc4 || marker === 0xc8 || marker === 0xcc;
    if (marker >= 0xc0 && marker <= 0xcf && !isTable) return frameAt(bytes, at + 4, marker);
    // A fill byte, or a marker without a length.
    const isBare = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    at += marker === 0xff ? 1 : isBare ? 2 : 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

function frameAt(bytes: Buffer, at: number, marker: number): HeaderFields {
  return {
    bits: bytes.readUInt8(at),
    height: bytes.readUInt16BE(at + 1),
    width: bytes.readUInt16BE(at + 3),
    samples: bytes.readUInt8(at + 5),
    inPasses: marker % 4 === 2 || marker > 0xc8,
  };
}

/**
 * Counts the scans, each a walk of the decoder over the picture: one for each `SOS` in the file. It reads the whole
 * file, so the process that answers the network must not call it. Stops counting at `most`.
 */
export function countScans(bytes: Buffer, most: number): number {
  let scans = 0;
  for (let at = bytes.indexOf(SOS); at >= 0 && scans < most; at = bytes.indexOf(SOS, at + SOS.length)) scans += 1;
  return scans;
}

const SOS = Buffer.of(0xff, SCAN);

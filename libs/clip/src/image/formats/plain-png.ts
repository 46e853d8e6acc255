import { crc32 } from 'node:zlib';

const SIGNATURE_BYTES = 8;
const LENGTH_BYTES = 4;
const TYPE_BYTES = 4;
const CRC_BYTES = 4;
/** The critical chunks that Pillow reads. Like libpng it checks `PLTE` and `IHDR`. */
const KNOWN = ['IHDR', 'PLTE', 'IDAT', 'IEND'];

/**
 * Changes a PNG so that libpng decodes what Pillow shows. Pillow ignores the checksum of `IDAT`, a missing end, and
 * unknown chunks, even critical ones: checksums are corrected, and such chunks are left out. It changes a copy, and
 * returns a file without such flaws as it is. Source of the layout: W3C, "PNG Specification", section 5; of the
 * behaviour, `load_read` and `load_end` of Pillow's `PngImagePlugin.py`.
 */
export function plainPng(bytes: Uint8Array): Uint8Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Buffer[] = [file.subarray(0, SIGNATURE_BYTES)];
  let isPlain = true;
  for (let at = SIGNATURE_BYTES, end: number; at + LENGTH_BYTES + TYPE_BYTES <= file.length; at = end) {
    const data = at + LENGTH_BYTES + TYPE_BYTES;
    end = data + file.readUInt32BE(at) + CRC_BYTES;
    const type = file.toString('latin1', at + LENGTH_BYTES, data);
    const isWhole = end <= file.length;
    const isKnown = !/^[A-Z]/.test(type) || KNOWN.includes(type);
    const isSound = type !== 'IDAT' || !isWhole || crcOf(file, at, end) === file.readUInt32BE(end - CRC_BYTES);
    if (isKnown) parts.push(isSound ? file.subarray(at, end) : withCrc(file, at, end));
    isPlain &&= isKnown && isSound;
    if (type === 'IEND') break;
  }
  return isPlain ? bytes : Buffer.concat(parts);
}

function crcOf(file: Buffer, at: number, end: number): number {
  return crc32(file.subarray(at + LENGTH_BYTES, end - CRC_BYTES));
}

function withCrc(file: Buffer, at: number, end: number): Buffer {
  const chunk = Buffer.from(file.subarray(at, end));
  chunk.writeUInt32BE(crcOf(file, at, end), end - at - CRC_BYTES);
  return chunk;
}

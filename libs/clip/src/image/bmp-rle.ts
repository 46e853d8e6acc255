import type { BmpHeader } from './bmp-header.js';
import { ByteReader } from './byte-reader.js';

const END_OF_LINE = 0;
const END_OF_PICTURE = 1;
const MOVE = 2;

/**
 * BMP's run-length coding, 8 or 4 bits a pixel, to one palette index per byte in the file's row order. Pixels that are
 * jumped over have index 0. Runs are cut at the end of the picture, so work is bounded by the file's length.
 * Source: Microsoft, "Bitmap Compression". Throws `image_unreadable` when the data ends without an end mark.
 */
export function unpackRle(data: Uint8Array, { width, height, bits }: BmpHeader): Uint8Array {
  const reader = new ByteReader(data);
  const out = new Uint8Array(width * height);
  let to = 0;
  while (to < out.length) {
    const count = reader.u8();
    const value = reader.u8();
    if (count > 0) {
      for (let at = 0; at < count && to < out.length; at++) out[to++] = bits === 8 ? value : nibble(value, at);
    } else if (value === END_OF_LINE) {
      to = Math.ceil(to / width) * width;
    } else if (value === END_OF_PICTURE) {
      break;
    } else if (value === MOVE) {
      to += reader.u8() + reader.u8() * width;
    } else {
      const literal = reader.take(Math.ceil((value * bits) / 16) * 2);
      for (let at = 0; at < value && to < out.length; at++) out[to++] = literalAt(literal, at, bits);
    }
  }
  return out;
}

function literalAt(literal: Uint8Array, at: number, bits: number): number {
  return bits === 8 ? (literal[at] ?? 0) : nibble(literal[at >> 1] ?? 0, at);
}

/** Even positions are the upper four bits. */
function nibble(byte: number, at: number): number {
  return at % 2 === 0 ? byte >> 4 : byte & 15;
}

import type { BmpHeader } from './bmp-header.js';
import { ByteReader } from './byte-reader.js';

const END_OF_LINE = 0;
const END_OF_PICTURE = 1;
const MOVE = 2;

/**
 * Unpacks BMP's run-length coding of 8 or 4 bits a pixel to one palette index per byte, in the file's row order. As in
 * Pillow, a run ends with its row, literals continue in the next row, and skipped pixels have index 0. The work is
 * bounded by the file and the picture. `bytes` is the whole file, since literals are padded to an even place in it.
 * Sources: Microsoft, "Bitmap Compression", and `BmpRleDecoder` of Pillow's `BmpImagePlugin.py`. Throws
 * `image_unreadable` when the data ends without an end mark.
 */
export function unpackRle(bytes: Uint8Array, { width, height, bits, pixelsAt }: BmpHeader): Uint8Array {
  const reader = new ByteReader(bytes);
  reader.position = pixelsAt;
  const out = new Uint8Array(width * height);
  let column = 0;
  let to = 0;
  while (to < out.length) {
    const count = reader.u8();
    const value = reader.u8();
    if (count > 0) {
      const end = Math.min(out.length, to + Math.max(0, Math.min(count, width - column)));
      column += end - to;
      for (let at = 0; to < end; at++) out[to++] = bits === 8 ? value : nibble(value, at);
    } else if (value === END_OF_LINE) {
      to = Math.ceil(to / width) * width;
      column = 0;
    } else if (value === END_OF_PICTURE) {
      break;
    } else if (value === MOVE) {
      to += reader.u8() + reader.u8() * width;
      column = to % width;
    } else {
      const pixels = Math.min(out.length - to, value);
      const literal = reader.take(Math.ceil((pixels * bits) / 8));
      for (let at = 0; at < pixels; at++) out[to++] = literalAt(literal, at, bits);
      column += value;
      if (to < out.length) reader.take(reader.position % 2);
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

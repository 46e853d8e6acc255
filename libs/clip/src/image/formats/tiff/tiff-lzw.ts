import { imageUnreadable } from '../../image-errors.js';

const CLEAR = 256;
const END = 257;
const FIRST_FREE = 258;
const CODES_MAX = 4096;
const NONE = -1;

/**
 * Unpacks TIFF's LZW to at most `length` bytes: codes of 9 to 12 bits, the highest bit first, which grow one code
 * earlier than in GIF. Work and memory are bounded by `length` and the data. Returns fewer bytes when the data ends
 * before. Source: "TIFF Revision 6.0", section
 * 13. Throws `image_unreadable` for an impossible code.
 */
export function unpackLzw(data: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  const starts = new Int32Array(CODES_MAX);
  const lengths = new Int32Array(CODES_MAX);
  let size = FIRST_FREE;
  let codeBits = 9;
  let previousAt = NONE;
  let previousLength = 0;
  let filled = 0;
  let bits = 0;
  let held = 0;
  for (let from = 0; filled < length;) {
    while (held < codeBits && from < data.length) {
      bits = ((bits << 8) | (data[from++] ?? 0)) & 0xfffff;
      held += 8;
    }
    if (held < codeBits) break;
    held -= codeBits;
    const code = (bits >> held) & ((1 << codeBits) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      size = FIRST_FREE;
      codeBits = 9;
      previousAt = NONE;
      continue;
    }
    const at = filled;
    if (code < CLEAR) out[filled++] = code;
    else if (code < size) filled = copy(out, starts[code] ?? 0, lengths[code] ?? 0, filled);
    else if (code === size && previousAt !== NONE) filled = copy(out, previousAt, previousLength + 1, filled);
    else throw imageUnreadable(`LZW code ${code} is not known yet`);
    if (previousAt !== NONE && size < CODES_MAX) {
      // The new string is the previous one and the first byte of this one, which follows it in the output.
      starts[size] = previousAt;
      lengths[size] = previousLength + 1;
      size++;
      if (size >= (1 << codeBits) - 1 && codeBits < 12) codeBits++;
    }
    previousAt = at;
    previousLength = filled - at;
  }
  return out.subarray(0, filled);
}

/** Copies byte by byte, since the source may overlap what is being written. Returns how far `out` is filled. */
function copy(out: Uint8Array, from: number, length: number, to: number): number {
  const end = Math.min(out.length, to + length);
  for (let at = to; at < end; at++) out[at] = out[from + at - to] ?? 0;
  return end;
}

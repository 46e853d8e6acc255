import { type BmpHeader, readBmpHeader } from './bmp-header.js';
import { unpackRle } from './bmp-rle.js';
import { ByteReader } from './byte-reader.js';
import { checkPixels, type ImageLimits } from '../image-limits.js';
import { type BytePicture, isGrays } from '../picture.js';

/**
 * Decodes a Windows bitmap, which sharp cannot read: 1, 4 and 8 bits with a palette (also run-length coded), 16, 24 and
 * 32 bits, top-down or bottom-up. The mode is the one in which Pillow opens the file: alpha only where a mask names it.
 * Throws `image_too_large`, `image_format_refused` or `image_unreadable`.
 */
export function decodeBmp(bytes: Uint8Array, limits: ImageLimits): BytePicture {
  const reader = new ByteReader(bytes);
  const header = readBmpHeader(reader);
  const { width, height, topDown, bits, masks, palette } = header;
  checkPixels(width, height, limits);
  reader.position = header.pixelsAt;
  const { stored, stride, paint } = header.runLength ? runsOf(bytes, header) : rowsOf(reader, header);
  const channels = bits <= 8 ? 1 : (masks?.length ?? 3);
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    paint(data, y * width * channels, stored, (topDown ? y : height - 1 - y) * stride);
  }
  if (bits > 8) return { data, width, height, channels, mode: channels === 4 ? 'RGBA' : 'RGB' };
  if (bits === 8 && isGrays(palette)) return { data, width, height, channels, mode: 'L' };
  return { data, width, height, channels, mode: 'P', palette };
}

/**
 * The pixels as they lie in the file, and the function that converts the row at `from` to samples at `to`. There is no
 * object per row: a file of a kilobyte may claim millions of rows.
 */
interface StoredRows {
  readonly stored: Uint8Array;
  readonly stride: number;
  readonly paint: (out: Uint8Array, to: number, stored: Uint8Array, from: number) => void;
}

function runsOf(bytes: Uint8Array, header: BmpHeader): StoredRows {
  const stored = unpackRle(bytes, header);
  return { stored, stride: header.width, paint: indexPainter(header.width, 8) };
}

function rowsOf(reader: ByteReader, { width, height, bits, masks }: BmpHeader): StoredRows {
  const stride = Math.ceil((width * bits) / 32) * 4;
  const lastRowBytes = Math.ceil((width * bits) / 8);
  const stored = reader.take(stride * (height - 1) + lastRowBytes);
  if (bits <= 8) return { stored, stride, paint: indexPainter(width, bits) };
  return { stored, stride, paint: masks ? maskPainter(width, bits, masks) : bytePainter(width, bits) };
}

/** Reads one palette index of 1, 4 or 8 bits per pixel, the highest bits of a byte first. */
function indexPainter(width: number, bits: number): StoredRows['paint'] {
  const mask = (1 << bits) - 1;
  const byteShift = Math.log2(8 / bits);
  const lastInByte = 8 / bits - 1;
  return (out, to, stored, from) => {
    for (let x = 0; x < width; x++) {
      out[to + x] = ((stored[from + (x >> byteShift)] ?? 0) >> ((~x & lastInByte) * bits)) & mask;
    }
  };
}

/** Reads 24 and 32 bits: blue, green, red and, of 32, a byte that is dropped. */
function bytePainter(width: number, bits: number): StoredRows['paint'] {
  const step = bits / 8;
  return (out, to, stored, from) => {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        out[to + x * 3 + channel] = stored[from + x * step + 2 - channel] ?? 0;
      }
    }
  };
}

/** Reads channels anywhere in 16 or 32 bits, and widens them to 8 bits with Pillow's integer division. */
function maskPainter(width: number, bits: number, masks: readonly number[]): StoredRows['paint'] {
  const channels = masks.map((mask) => {
    const shift = Math.max(0, 31 - Math.clz32(mask & -mask));
    return { mask, shift, largest: mask >>> shift };
  });
  const step = bits / 8;
  return (out, to, stored, from) => {
    for (let x = 0; x < width; x++) {
      let word = 0;
      for (let at = step - 1; at >= 0; at--) word = (word << 8) | (stored[from + x * step + at] ?? 0);
      for (const { mask, shift, largest } of channels) {
        const value = (word & mask) >>> shift;
        out[to++] = largest === 0 ? 0 : Math.trunc((value * 255) / largest);
      }
    }
  };
}

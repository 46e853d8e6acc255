import { type BmpHeader, readBmpHeader } from './bmp-header.js';
import { unpackRle } from './bmp-rle.js';
import { ByteReader } from './byte-reader.js';
import { checkPixels, type ImageLimits } from './image-limits.js';
import { isGrays } from './palette.js';
import type { BytePicture } from './picture.js';

/**
 * A Windows bitmap, which sharp cannot read: 1, 4 and 8 bits with a palette (also run-length coded), 16, 24 and 32
 * bits, top-down or bottom-up. The mode is the one in which Pillow opens it: alpha only where a mask names it.
 * Throws `image_too_large`, `image_format_refused` or `image_unreadable`.
 */
export function decodeBmp(bytes: Uint8Array, limits: ImageLimits): BytePicture {
  const reader = new ByteReader(bytes);
  const header = readBmpHeader(reader);
  checkPixels(header.width, header.height, limits);
  reader.position = header.pixelsAt;
  const stride = Math.ceil((header.width * header.bits) / 32) * 4;
  const indexed = header.runLength ? unpackRle(bytes.subarray(header.pixelsAt), header) : undefined;
  const lastRowBytes = Math.ceil((header.width * header.bits) / 8);
  const stored = indexed ?? reader.take(stride * (header.height - 1) + lastRowBytes);
  const channels = header.masks?.length ?? 3;
  const data = new Uint8Array(header.width * header.height * channels);
  for (let y = 0; y < header.height; y++) {
    const row = header.topDown ? y : header.height - 1 - y;
    const start = indexed ? row * header.width : row * stride;
    paintRow(data, y * header.width * channels, stored.subarray(start), indexed ? { ...header, bits: 8 } : header);
  }
  return { data, width: header.width, height: header.height, channels, mode: modeOf(header) };
}

/** Gray as an 8-bit palette stays spread over three channels: they resize alike. */
function modeOf({ bits, palette, masks }: BmpHeader): BytePicture['mode'] {
  if (bits <= 8) return bits === 8 && isGrays(palette) ? 'RGB' : 'P';
  return masks?.length === 4 ? 'RGBA' : 'RGB';
}

function paintRow(rgb: Uint8Array, to: number, row: Uint8Array, header: BmpHeader): void {
  if (header.bits <= 8) paintIndexed(rgb, to, row, header);
  else if (header.masks) paintMasked(rgb, to, row, header, header.masks);
  else paintBytes(rgb, to, row, header);
}

function paintIndexed(rgb: Uint8Array, to: number, row: Uint8Array, { width, bits, palette }: BmpHeader): void {
  const perByte = 8 / bits;
  for (let x = 0; x < width; x++) {
    const shift = 8 - bits * ((x % perByte) + 1);
    const entry = (((row[Math.trunc(x / perByte)] ?? 0) >> shift) & ((1 << bits) - 1)) * 3;
    for (let channel = 0; channel < 3; channel++) rgb[to + x * 3 + channel] = palette[entry + channel] ?? 0;
  }
}

/** 24 and 32 bits: blue, green, red and, of 32, a byte that is dropped. */
function paintBytes(rgb: Uint8Array, to: number, row: Uint8Array, { width, bits }: BmpHeader): void {
  const step = bits / 8;
  for (let x = 0; x < width; x++) {
    for (let channel = 0; channel < 3; channel++) rgb[to + x * 3 + channel] = row[x * step + 2 - channel] ?? 0;
  }
}

/** Channels anywhere in 16 or 32 bits, widened to 8 bits with Pillow's integer division. */
function paintMasked(
  out: Uint8Array,
  to: number,
  row: Uint8Array,
  { width, bits }: BmpHeader,
  masks: readonly number[],
): void {
  const shifts = masks.map((mask) => Math.max(0, 31 - Math.clz32(mask & -mask)));
  const step = bits / 8;
  for (let x = 0; x < width; x++) {
    let word = 0;
    for (let at = step - 1; at >= 0; at--) word = (word << 8) | (row[x * step + at] ?? 0);
    masks.forEach((mask, channel) => {
      const shift = shifts[channel] ?? 0;
      const largest = mask >>> shift;
      const value = (word & mask) >>> shift;
      out[to + x * masks.length + channel] = largest === 0 ? 0 : Math.trunc((value * 255) / largest);
    });
  }
}

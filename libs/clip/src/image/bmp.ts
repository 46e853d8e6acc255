import { type BmpHeader, readBmpHeader } from './bmp-header.js';
import { unpackRle } from './bmp-rle.js';
import { ByteReader } from './byte-reader.js';
import { checkPixels, type ImageLimits } from './image-limits.js';
import type { RgbImage } from './resample.js';

/**
 * A Windows bitmap, which sharp cannot read: 1, 4 and 8 bits with a palette (also run-length coded), 16, 24 and 32
 * bits, top-down or bottom-up. Alpha is dropped, as Pillow's `convert('RGB')` does.
 * Throws `image_too_large`, `image_format_refused` or `image_unreadable`.
 */
export function decodeBmp(bytes: Uint8Array, limits: ImageLimits): RgbImage {
  const reader = new ByteReader(bytes);
  const header = readBmpHeader(reader);
  checkPixels(header.width, header.height, limits);
  reader.position = header.pixelsAt;
  const stride = Math.ceil((header.width * header.bits) / 32) * 4;
  const indexed = header.runLength ? unpackRle(bytes.subarray(header.pixelsAt), header) : undefined;
  const lastRowBytes = Math.ceil((header.width * header.bits) / 8);
  const stored = indexed ?? reader.take(stride * (header.height - 1) + lastRowBytes);
  const data = new Uint8Array(header.width * header.height * 3);
  for (let y = 0; y < header.height; y++) {
    const row = header.topDown ? y : header.height - 1 - y;
    const start = indexed ? row * header.width : row * stride;
    paintRow(data, y * header.width * 3, stored.subarray(start), indexed ? { ...header, bits: 8 } : header);
  }
  return { data, width: header.width, height: header.height };
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
  rgb: Uint8Array,
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
      rgb[to + x * 3 + channel] = largest === 0 ? 0 : Math.trunc((value * 255) / largest);
    });
  }
}

import type { ByteReader } from './byte-reader.js';
import { imageFormatRefused, imageUnreadable } from '../image-errors.js';

/** The header of a BMP. Source of the layout: Microsoft, "Bitmap Storage" and `BITMAPV5HEADER`. */
export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly runLength: boolean;
  /** Red, green and blue, three bytes an entry. Empty for more than 8 bits. */
  readonly palette: Uint8Array;
  /** The masks of red, green, blue and, if there are four, alpha; undefined for the plain byte order. */
  readonly masks: readonly number[] | undefined;
  /** Offset of the pixels in the file. */
  readonly pixelsAt: number;
}

const FILE_HEADER_BYTES = 14;
const CORE_HEADER_BYTES = 12;
const PLAIN = 0;
const RLE8 = 1;
const RLE4 = 2;
const BITFIELDS = 3;
const BITFIELDS_ALPHA = 6;
/** The first header that has a mask for alpha, BITMAPV3INFOHEADER. */
const ALPHA_HEADER_BYTES = 56;
/** 16-bit pixels without masks: five bits a channel. */
const RGB555 = [0x7c00, 0x03e0, 0x001f] as const;

/**
 * Reads the header up to the palette. Throws `image_unreadable` or, for embedded JPEG and PNG, `image_format_refused`.
 */
export function readBmpHeader(reader: ByteReader): BmpHeader {
  reader.position = 10;
  const pixelsAt = reader.u32();
  const size = reader.u32();
  const isCore = size === CORE_HEADER_BYTES;
  if (!isCore && size < 40) throw imageUnreadable(`a BMP header of ${size} bytes`);
  const width = isCore ? reader.u16() : reader.i32();
  const signedHeight = isCore ? reader.u16() : reader.i32();
  reader.take(2);
  const bits = reader.u16();
  const compression = isCore ? PLAIN : reader.u32();
  const colours = isCore ? 0 : skipToColours(reader);
  if (width < 1 || signedHeight === 0) throw imageUnreadable('a BMP without pixels');
  checkKind(bits, compression);
  const masks = readMasks(reader, bits, compression, size >= ALPHA_HEADER_BYTES);
  reader.position = FILE_HEADER_BYTES + size;
  const palette = bits <= 8 ? readPalette(reader, colours || 2 ** bits, isCore ? 3 : 4) : new Uint8Array();
  return {
    width,
    height: Math.abs(signedHeight),
    topDown: signedHeight < 0,
    bits,
    runLength: compression === RLE8 || compression === RLE4,
    palette,
    masks,
    // Some files say that pixels begin where the palette does.
    pixelsAt: pixelsAt === FILE_HEADER_BYTES + size ? reader.position : pixelsAt,
  };
}

/** Skips image size and resolution, and returns the number of palette entries. */
function skipToColours(reader: ByteReader): number {
  reader.take(12);
  const colours = reader.u32();
  reader.take(4);
  return colours;
}

function checkKind(bits: number, compression: number): void {
  if (compression === 4 || compression === 5) throw imageFormatRefused('JPEG or PNG inside a BMP');
  const fits =
    (compression === PLAIN && [1, 4, 8, 16, 24, 32].includes(bits)) ||
    (compression === RLE8 && bits === 8) ||
    (compression === RLE4 && bits === 4) ||
    ((compression === BITFIELDS || compression === BITFIELDS_ALPHA) && (bits === 16 || bits === 32));
  if (!fits) throw imageUnreadable(`a BMP of ${bits} bits with compression ${compression}`);
}

/** As in Pillow, only a header that has room for alpha's mask, and a mask that is not empty, make an alpha channel. */
function readMasks(reader: ByteReader, bits: number, compression: number, hasAlpha: boolean): BmpHeader['masks'] {
  if (compression !== BITFIELDS && compression !== BITFIELDS_ALPHA) return bits === 16 ? RGB555 : undefined;
  const colours = [reader.u32(), reader.u32(), reader.u32()];
  const alpha = hasAlpha && bits === 32 ? reader.u32() : 0;
  return alpha === 0 ? colours : [...colours, alpha];
}

/** Entries are blue, green, red and, except in the oldest files, an unused byte. */
function readPalette(reader: ByteReader, colours: number, entryBytes: number): Uint8Array {
  if (colours > 256) throw imageUnreadable(`a BMP palette of ${colours} entries`);
  const stored = reader.take(colours * entryBytes);
  return Uint8Array.from({ length: colours * 3 }, (_, at) => {
    const entry = Math.trunc(at / 3) * entryBytes;
    return stored[entry + 2 - (at % 3)] ?? 0;
  });
}

import { inflateRawSync, zstdDecompressSync } from 'node:zlib';
import { imageUnreadable, tiffRefused } from '../../image-errors.js';
import { unpackLzw } from './tiff-lzw.js';

/** Unpacks stored bytes to at least `length` bytes of samples, or fewer when the data ends before. */
export type Unpack = (data: Uint8Array, length: number) => Uint8Array;

const NONE = 1;
const JPEG = 7;
/** Modified Huffman, group 3 and group 4. */
const FAX = [2, 3, 4];

/** Tells whether the rows are coded as a picture of their own (JPEG or fax), which libvips decodes. */
export function isCodedPicture(compression: number): boolean {
  return compression === JPEG || FAX.includes(compression);
}

/** Tells whether the compression is JPEG. */
export function isJpeg(compression: number): boolean {
  return compression === JPEG;
}

/** Tells whether the samples are uncompressed. */
export function isPlain(compression: number): boolean {
  return compression === NONE;
}

/** Tells whether libtiff reads the predictor (tag 317): with LZW, Deflate and Zstandard only. */
export function hasPredictor(compression: number): boolean {
  return [5, 8, 32946, 50000].includes(compression);
}

/**
 * Returns the decompressor for TIFF's tag 259. Throws `image_format_refused`, naming it, for a compression that is not
 * read.
 */
export function unpackerOf(compression: number): Unpack {
  const unpack = UNPACKERS[compression];
  if (unpack === undefined) throw tiffRefused(`${NAMES[compression] ?? `number ${compression}`} compression`);
  return unpack;
}

const UNPACKERS: Readonly<Partial<Record<number, Unpack>>> = {
  [NONE]: (data) => data,
  5: unpackLzw,
  8: inflated,
  32946: inflated,
  32773: unpackBits,
  50000: zstdUnpacked,
};

const NAMES: Readonly<Partial<Record<number, string>>> = {
  6: 'old-style JPEG',
  32771: 'CCITT (word-aligned)',
  32809: 'ThunderScan',
  34661: 'JBIG',
  33003: 'JPEG 2000',
  33004: 'JPEG 2000',
  33005: 'JPEG 2000',
  34676: 'SGI LogLuv',
  34677: 'SGI LogLuv',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34892: 'lossy JPEG of DNG',
  34925: 'LZMA',
  50001: 'WebP',
  50002: 'JPEG XL',
  52546: 'JPEG XL',
};

/** A zlib stream has two bytes before the compressed data, and after it a checksum, which libtiff ignores. */
const ZLIB_HEAD_BYTES = 2;
/** Writers may pad the last strip, and zlib returns its output in pieces. */
const SLACK_BYTES = 65_536;

function inflated(data: Uint8Array, length: number): Uint8Array {
  try {
    return inflateRawSync(data.subarray(ZLIB_HEAD_BYTES), { maxOutputLength: length + SLACK_BYTES });
  } catch (cause) {
    throw imageUnreadable(`Deflate in a TIFF: ${String(cause)}`);
  }
}

/** Node has the decoder since 22.15. */
function zstdUnpacked(data: Uint8Array, length: number): Uint8Array {
  if (typeof zstdDecompressSync !== 'function') throw tiffRefused('Zstandard compression');
  try {
    return zstdDecompressSync(data, { maxOutputLength: length + SLACK_BYTES });
  } catch (cause) {
    throw imageUnreadable(`Zstandard in a TIFF: ${String(cause)}`);
  }
}

/** Unpacks PackBits: runs and literals of at most 128 bytes. Source: "TIFF Revision 6.0", section 9. */
function unpackBits(data: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let filled = 0;
  for (let from = 0; from < data.length && filled < length;) {
    const head = data[from++] ?? 0;
    if (head < 128) {
      const literal = data.subarray(from, from + Math.min(head + 1, length - filled));
      out.set(literal, filled);
      filled += literal.length;
      from += head + 1;
    } else if (head > 128) {
      const end = Math.min(length, filled + 257 - head);
      out.fill(data[from++] ?? 0, filled, end);
      filled = end;
    }
  }
  return out.subarray(0, filled);
}

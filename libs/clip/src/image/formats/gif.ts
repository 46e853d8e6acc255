import { ByteReader } from './byte-reader.js';
import { decodeLzw } from './gif-lzw.js';
import { imageUnreadable } from '../image-errors.js';
import { checkPixels, type ImageLimits } from '../image-limits.js';
import { type BytePicture, isGrays } from '../picture.js';

/**
 * Decodes the first frame of a GIF as Pillow does. Transparent pixels keep the colour of their palette entry (libvips
 * makes them black). Pixels outside the frame get the transparent entry's colour, else that of entry 0. A palette that
 * is just the grays in their order makes the mode `L` instead of `P`, which decides how it is resized. Source of the
 * layout: GIF89a specification. Throws `image_too_large` or `image_unreadable`.
 */
export function decodeGif(bytes: Uint8Array, limits: ImageLimits): BytePicture {
  const reader = new ByteReader(bytes);
  reader.position = SIGNATURE_BYTES;
  const screen = { width: reader.u16(), height: reader.u16() };
  const flags = reader.u8();
  reader.take(2);
  const globalPalette = flags & TABLE_FLAG ? readPalette(reader, flags) : undefined;
  const transparent = skipToFrame(reader);
  const frame = readFrame(reader);
  const width = Math.max(screen.width, frame.left + frame.width);
  const height = Math.max(screen.height, frame.top + frame.height);
  checkPixels(width, height, limits);
  const palette = frame.palette ?? globalPalette;
  const indexes = new Uint8Array(width * height).fill(transparent ?? 0);
  placeFrame(indexes, width, frame, decodeLzw(readBlocks(reader), frame.codeBits, frame.width * frame.height));
  if (!palette || isGrays(palette)) return { data: indexes, width, height, channels: 1, mode: 'L' };
  return { data: indexes, width, height, channels: 1, mode: 'P', palette };
}

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly interlaced: boolean;
  readonly palette: Uint8Array | undefined;
  readonly codeBits: number;
}

const SIGNATURE_BYTES = 6;
const TABLE_FLAG = 0x80;
const INTERLACE_FLAG = 0x40;

function readPalette(reader: ByteReader, flags: number): Uint8Array {
  return reader.take(3 * 2 ** ((flags & 7) + 1));
}

/** Reads extensions up to the first frame, and returns the transparent index, if there is one. */
function skipToFrame(reader: ByteReader): number | undefined {
  let transparent: number | undefined;
  for (let mark = reader.u8(); mark !== 0x2c; mark = reader.u8()) {
    if (mark === 0x3b) throw imageUnreadable('a GIF without a frame');
    if (mark !== 0x21) continue;
    const isGraphicControl = reader.u8() === 0xf9;
    const block = readBlocks(reader);
    if (isGraphicControl && block.length >= 4) transparent = (block[0] ?? 0) & 1 ? block[3] : undefined;
  }
  return transparent;
}

function readFrame(reader: ByteReader): Frame {
  const [left, top, width, height] = [reader.u16(), reader.u16(), reader.u16(), reader.u16()];
  const flags = reader.u8();
  if (width === 0 || height === 0) throw imageUnreadable('a GIF frame without pixels');
  const palette = flags & TABLE_FLAG ? readPalette(reader, flags) : undefined;
  return { left, top, width, height, interlaced: (flags & INTERLACE_FLAG) !== 0, palette, codeBits: reader.u8() };
}

/**
 * Joins a chain of sub-blocks. Of a file that ends inside the chain it returns what is there: as in Pillow only missing
 * pixels are an error, which the decoder throws. It walks twice, since a block may be one byte, and a list of all
 * blocks would take a hundred times the file.
 */
function readBlocks(reader: ByteReader): Uint8Array {
  const start = reader.position;
  let total = 0;
  for (const block of blocksOf(reader)) total += block.length;
  reader.position = start;
  const joined = new Uint8Array(total);
  let filled = 0;
  for (const block of blocksOf(reader)) {
    joined.set(block, filled);
    filled += block.length;
  }
  return joined;
}

function* blocksOf(reader: ByteReader): Generator<Uint8Array> {
  while (reader.left > 0) {
    const length = reader.u8();
    if (length === 0) break;
    yield reader.take(Math.min(length, reader.left));
  }
}

function placeFrame(canvas: Uint8Array, canvasWidth: number, frame: Frame, pixels: Uint8Array): void {
  const rows = frame.interlaced ? interlacedRows(frame.height) : Array.from({ length: frame.height }, (_, y) => y);
  rows.forEach((y, stored) => {
    const row = pixels.subarray(stored * frame.width, (stored + 1) * frame.width);
    canvas.set(row, (frame.top + y) * canvasWidth + frame.left);
  });
}

/** GIF89a appendix E: every 8th row from 0, every 8th from 4, every 4th from 2, every 2nd from 1. */
function interlacedRows(height: number): number[] {
  const passes = [
    [0, 8],
    [4, 8],
    [2, 4],
    [1, 2],
  ] as const;
  return passes.flatMap(([first, step]) =>
    Array.from({ length: Math.max(0, Math.ceil((height - first) / step)) }, (_, at) => first + at * step),
  );
}

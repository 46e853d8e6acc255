import type { Segment } from './tiff-segments.js';
import type { TiffLayout } from './tiff-layout.js';

/** The picture that segments are written into: `channels` samples a pixel, row by row. */
export interface SampleCanvas {
  readonly width: number;
  readonly channels: number;
  readonly data: Uint8Array | Uint16Array | Int32Array | Float32Array;
}

/** Writes the samples of a decoded strip or tile to their place. */
export type Paint = (canvas: SampleCanvas, segment: Segment) => void;

/**
 * Returns the function that reads the samples of a layout, as Pillow's `Unpack.c`: of 16-bit colours it keeps the
 * higher byte.
 */
export function painterOf(layout: TiffLayout, little: boolean): Paint {
  const { mode, bits } = layout;
  if (mode === 'I;16' || mode === 'I' || mode === 'F') return widePainter(layout, little);
  return bits < 8 ? bitPainter(layout) : bytePainter(layout, little);
}

/** Reads whole bytes, or the higher one of two. */
function bytePainter({ bits, samples, channels, separate, inverted }: TiffLayout, little: boolean): Paint {
  const bytes = bits / 8;
  const first = bytes === 2 && little ? 1 : 0;
  const step = separate ? bytes : bytes * samples;
  const taken = separate ? 1 : channels;
  const isCopy = bytes === 1 && step === taken && taken === channels && !inverted;
  const flip = inverted ? 255 : 0;
  return ({ data, width }, { left, top, width: columns, height, plane, rows, rowBytes }) => {
    for (let y = 0; y < height; y++) {
      let to = ((top + y) * width + left) * channels;
      const from = y * rowBytes;
      if (isCopy) {
        data.set(rows.subarray(from, from + columns * channels), to);
        continue;
      }
      to += separate ? plane : 0;
      for (let x = 0, at = from + first; x < columns; x++, at += step, to += channels) {
        for (let channel = 0; channel < taken; channel++) data[to + channel] = (rows[at + channel * bytes] ?? 0) ^ flip;
      }
    }
  };
}

/** Reads 1, 2 or 4 bits, the highest of a byte first, and spreads them over 0 … 255 unless they are indexes. */
function bitPainter({ mode, bits, inverted }: TiffLayout): Paint {
  const mask = (1 << bits) - 1;
  const spread = mode === 'P' ? 1 : 255 / mask;
  const flip = inverted ? mask : 0;
  const perByte = 8 / bits;
  return ({ data, width }, { left, top, width: columns, height, rows, rowBytes }) => {
    for (let y = 0; y < height; y++) {
      const to = (top + y) * width + left;
      for (let x = 0; x < columns; x++) {
        const byte = rows[y * rowBytes + Math.trunc(x / perByte)] ?? 0;
        data[to + x] = (((byte >> (8 - bits - (x % perByte) * bits)) & mask) ^ flip) * spread;
      }
    }
  };
}

/** Reads gray of more than 8 bits: packed 12 bits, integers of 16 and 32 bits, floating point. */
function widePainter({ mode, bits, samples, signed }: TiffLayout, little: boolean): Paint {
  const read = wideReader(mode === 'F' ? 'F' : bits, signed, little);
  return ({ data, width }, { left, top, width: columns, height, rows, rowBytes }) => {
    for (let y = 0; y < height; y++) {
      const row = rows.subarray(y * rowBytes, (y + 1) * rowBytes);
      const view = new DataView(row.buffer, row.byteOffset, row.byteLength);
      const to = (top + y) * width + left;
      for (let x = 0; x < columns; x++) data[to + x] = read(view, x * samples);
    }
  };
}

function wideReader(kind: number | 'F', signed: boolean, little: boolean): (row: DataView, sample: number) => number {
  if (kind === 'F') return (row, sample) => row.getFloat32(sample * 4, little);
  if (kind === 32) return (row, sample) => row.getInt32(sample * 4, little);
  if (kind === 16 && signed) return (row, sample) => row.getInt16(sample * 2, little);
  if (kind === 16) return (row, sample) => row.getUint16(sample * 2, little);
  return twelveBits;
}

function twelveBits(row: DataView, sample: number): number {
  const at = Math.trunc(sample / 2) * 3;
  const middle = row.getUint8(at + 1);
  return sample % 2 === 0 ? (row.getUint8(at) << 4) | (middle >> 4) : ((middle & 15) << 8) | row.getUint8(at + 2);
}

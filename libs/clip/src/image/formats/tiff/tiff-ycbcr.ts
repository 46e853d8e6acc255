import { imageUnreadable } from '../../image-errors.js';
import { TAG, type TiffDirectory } from './tiff-directory.js';
import type { Paint } from './tiff-samples.js';
import type { SegmentShape } from './tiff-segments.js';

/** Pixels that share one pair of colour samples. */
export interface Subsampling {
  readonly across: number;
  readonly down: number;
}

/** Reads tag 530; halved in both directions by default. Throws `image_unreadable` for other values than 1, 2 and 4. */
export function subsamplingOf(tiff: TiffDirectory): Subsampling {
  const [across, down] = tiff.all(TAG.subsampling);
  const sampling = { across: across ?? 2, down: down ?? 2 };
  if (![1, 2, 4].includes(sampling.across) || ![1, 2, 4].includes(sampling.down)) {
    throw imageUnreadable(`YCbCr of ${sampling.across} x ${sampling.down}`);
  }
  return sampling;
}

/**
 * Returns the shape of units: the brightness of all their pixels, row by row, and the two colour samples that they
 * share.
 */
export function yCbCrShape({ across, down }: Subsampling): SegmentShape {
  return {
    unitWidth: across,
    unitHeight: down,
    rowBytesOf: (width) => Math.ceil(width / across) * (across * down + 2),
  };
}

/**
 * Returns the function that writes such units as RGB, with the colours repeated over a unit, as libtiff's
 * `TIFFRGBAImage`.
 */
export function yCbCrPainter(tiff: TiffDirectory, { across, down }: Subsampling): Paint {
  const toRgb = yCbCrToRgb(tiff);
  const unit = across * down + 2;
  return ({ data, width }, { left, top, width: columns, height, rows, rowBytes }) => {
    for (let y = 0; y < height; y++) {
      const line = Math.trunc(y / down) * rowBytes;
      for (let x = 0, to = ((top + y) * width + left) * 3; x < columns; x++, to += 3) {
        const at = line + Math.trunc(x / across) * unit;
        const luma = rows[at + (y % down) * across + (x % across)] ?? 0;
        toRgb(data, to, luma, rows[at + unit - 2] ?? 0, rows[at + unit - 1] ?? 0);
      }
    }
  };
}

type ToRgb = (out: { [at: number]: number }, to: number, luma: number, blue: number, red: number) => void;

const SHIFT = 16;
const HALF = 1 << (SHIFT - 1);

/**
 * Makes libtiff's fixed-point conversion, clamped to bytes, with the weights (tag 529) and reference values (tag 532)
 * of the file, or those of the TIFF specification. Source: `TIFFYCbCrToRGBInit` and `TIFFYCbCrtoRGB` of libtiff's
 * `tif_color.c`.
 */
function yCbCrToRgb(tiff: TiffDirectory): ToRgb {
  const [red = 0.299, green = 0.587, blue = 0.114] = tiff.all(TAG.lumaWeights).map(Math.fround);
  const [black = 0, white = 255, blueBlack = 128, blueWhite = 255, redBlack = 128, redWhite = 255] = tiff
    .all(TAG.blackAndWhite)
    .map(Math.fround);
  const fromRed = fixed(2 - 2 * red);
  const fromBlue = fixed(2 - 2 * blue);
  const greenFromRed = -fixed((red * (2 - 2 * red)) / green);
  const greenFromBlue = -fixed((blue * (2 - 2 * blue)) / green);
  const reds = tableOf((code) => scaled(code - 128, redBlack - 128, redWhite - 128, 127));
  const blues = tableOf((code) => scaled(code - 128, blueBlack - 128, blueWhite - 128, 127));
  const lumas = tableOf((code) => scaled(code, black, white, 255));
  return (out, to, luma, cb, cr) => {
    const [y, b, r] = [lumas[luma] ?? 0, blues[cb] ?? 0, reds[cr] ?? 0];
    out[to] = clamped(y + ((fromRed * r + HALF) >> SHIFT));
    out[to + 1] = clamped(y + ((greenFromBlue * b + HALF + greenFromRed * r) >> SHIFT));
    out[to + 2] = clamped(y + ((fromBlue * b + HALF) >> SHIFT));
  };
}

function tableOf(value: (code: number) => number): Int32Array {
  return Int32Array.from({ length: 256 }, (_, code) => value(code));
}

function fixed(value: number): number {
  return Math.trunc(Math.max(0, Math.min(2, value)) * 2 ** SHIFT + 0.5);
}

/** Spreads a code between reference black and white over `range`, and clips extreme values as libtiff does. */
function scaled(code: number, black: number, white: number, range: number): number {
  const value = ((code - Math.trunc(black)) * range) / (white - black || 1);
  return Math.trunc(Math.max(-4096, Math.min(8192, value)));
}

function clamped(value: number): number {
  return Math.max(0, Math.min(255, value));
}

import { tiffRefused } from '../../image-errors.js';
import { TAG, type TiffDirectory } from './tiff-directory.js';

/** How the samples of a TIFF are read, as in Pillow's table of modes and raw modes. */
export interface TiffLayout {
  /** The mode in which Pillow opens the file. */
  readonly mode: '1' | 'L' | 'LA' | 'P' | 'RGB' | 'RGBA' | 'CMYK' | 'YCbCr' | 'I;16' | 'I' | 'F';
  /** Bits of one sample: 1, 2, 4, 8, 12, 16 or 32. */
  readonly bits: number;
  /** Samples stored for a pixel, and how many of them, from the first, are used. */
  readonly samples: number;
  readonly channels: number;
  /** Whether samples are signed integers. */
  readonly signed: boolean;
  /** Whether the largest value is black. */
  readonly inverted: boolean;
  /** Whether the colours are premultiplied with alpha. */
  readonly multiplied: boolean;
  /** Whether every channel is stored on a plane of its own. */
  readonly separate: boolean;
}

const GRAY_INVERTED = 0;
const GRAY = 1;
const RGB = 2;
const PALETTE = 3;
const INKS = 5;
const YCBCR = 6;

/** Values of tag 338: unspecified, premultiplied alpha, alpha, and Corel Draw 10's value for alpha. */
const NO_MEANING = 0;
const MULTIPLIED = 1;
const ALPHA = 2;
const COREL_ALPHA = 999;

/** Most samples a pixel that Pillow reads. */
const SAMPLES_MAX = 6;

/**
 * Returns the layout if Pillow opens it and can convert it to RGB. Source: `OPEN_INFO` and `_setup` of Pillow's
 * `TiffImagePlugin.py`, apart from the order of bits and bytes in the file. Throws `image_format_refused`, naming it,
 * for any other layout.
 */
export function tiffLayoutOf(tiff: TiffDirectory): TiffLayout {
  const stored = storedSamples(tiff);
  const layout = layoutOf(stored, tiff.little);
  const isReversed = tiff.one(TAG.fillOrder, 1) === 2;
  if (layout === undefined || (isReversed && !mayBeReversed(layout))) throw tiffRefused(nameOf(stored));
  return { ...layout, separate: stored.separate && layout.samples > 1 };
}

/** What the tags say about the samples of a pixel. */
interface StoredSamples {
  readonly photometric: number;
  /** 1 for unsigned integers, 2 for signed ones, 3 for floating point, 0 for a mixture. */
  readonly format: number;
  /** Bits of each sample; 0 when they differ. */
  readonly bits: number;
  readonly samples: number;
  readonly extra: readonly number[];
  readonly separate: boolean;
}

/** As in Pillow, unspecified extra planes are ignored, and one number of bits stands for all samples. */
function storedSamples(tiff: TiffDirectory): StoredSamples {
  const formats = tiff.all(TAG.sampleFormat);
  const separate = tiff.one(TAG.planes, 1) === 2;
  const extra = tiff.all(TAG.extraSamples);
  const dropped = separate && extra.every((meaning) => meaning === NO_MEANING) ? extra.length : 0;
  const samples = tiff.one(TAG.samples, 1) - dropped;
  const allBits = tiff.all(TAG.bits);
  const bits = allBits.slice(0, Math.max(1, samples));
  const matches = bits.length === samples || allBits.length <= 1;
  return {
    photometric: tiff.one(TAG.photometric, GRAY_INVERTED),
    format: onlyValue(formats.length === 0 ? [1] : formats),
    bits: matches ? onlyValue(bits.length === 0 ? [1] : bits) : 0,
    samples,
    extra: dropped > 0 ? [] : extra,
    separate,
  };
}

function onlyValue(values: readonly number[]): number {
  return values.every((value) => value === values[0]) ? (values[0] ?? 0) : 0;
}

type Layout = Omit<TiffLayout, 'separate'>;

function layoutOf(stored: StoredSamples, little: boolean): Layout | undefined {
  const { photometric, format, samples } = stored;
  if (samples < 1 || samples > SAMPLES_MAX) return undefined;
  if ((photometric === GRAY || photometric === GRAY_INVERTED) && samples === 1) return grayOf(stored, little);
  if (format !== 1) return undefined;
  if (photometric === GRAY) return grayWithExtra(stored);
  if (photometric === RGB) return rgbOf(stored);
  if (photometric === PALETTE) return paletteOf(stored);
  if (photometric === INKS) return inksOf(stored);
  if (photometric === YCBCR) return yCbCrOf(stored);
  return undefined;
}

const PLAIN = { samples: 1, channels: 1, signed: false, inverted: false, multiplied: false };

function grayOf({ photometric, format, bits, extra }: StoredSamples, little: boolean): Layout | undefined {
  if (extra.length > 0) return undefined;
  const inverted = photometric === GRAY_INVERTED;
  if (format === 3) return bits === 32 ? { ...PLAIN, mode: 'F', bits } : undefined;
  if (format === 2) return inverted ? undefined : signedGray(bits);
  if (format !== 1) return undefined;
  if (bits === 1) return { ...PLAIN, mode: '1', bits, inverted };
  if (bits === 2 || bits === 4 || bits === 8) return { ...PLAIN, mode: 'L', bits, inverted };
  if (bits === 12 && little && !inverted) return { ...PLAIN, mode: 'I;16', bits };
  // Pillow does not invert 16 bits, and knows them inverted only in this order of bytes.
  if (bits === 16 && (little || !inverted)) return { ...PLAIN, mode: 'I;16', bits };
  if (bits === 32 && little && !inverted) return { ...PLAIN, mode: 'I', bits, signed: true };
  return undefined;
}

function signedGray(bits: number): Layout | undefined {
  if (bits === 8) return { ...PLAIN, mode: 'L', bits };
  return bits === 16 || bits === 32 ? { ...PLAIN, mode: 'I', bits, signed: true } : undefined;
}

/** Pillow opens gray with premultiplied alpha, but does not convert it to RGB. */
function grayWithExtra({ bits, samples, extra }: StoredSamples): Layout | undefined {
  if (bits !== 8 || samples !== 2 || extra.length !== 1) return undefined;
  if (extra[0] === NO_MEANING) return { ...PLAIN, mode: 'L', bits, samples };
  return extra[0] === ALPHA ? { ...PLAIN, mode: 'LA', bits, samples, channels: 2 } : undefined;
}

function rgbOf({ bits, samples, extra }: StoredSamples): Layout | undefined {
  if (bits !== 8 && !(bits === 16 && samples <= 4)) return undefined;
  const rgb = { ...PLAIN, bits, samples };
  if (extra.length === 0) {
    if (samples === 4) return { ...rgb, mode: 'RGBA', channels: 4 };
    return samples === 3 ? { ...rgb, mode: 'RGB', channels: 3 } : undefined;
  }
  const [first, ...others] = extra;
  if (samples !== 3 + extra.length || others.some((meaning) => meaning !== NO_MEANING)) return undefined;
  if (first === NO_MEANING) return { ...rgb, mode: 'RGB', channels: 3 };
  if (first === MULTIPLIED) return { ...rgb, mode: 'RGBA', channels: 4, multiplied: true };
  const isAlpha = first === ALPHA || (first === COREL_ALPHA && bits === 8 && samples === 4);
  return isAlpha ? { ...rgb, mode: 'RGBA', channels: 4 } : undefined;
}

/** Pillow opens a palette with alpha, but loses its colours when it resizes it. */
function paletteOf({ bits, samples, extra }: StoredSamples): Layout | undefined {
  if (samples === 1 && extra.length === 0 && [1, 2, 4, 8].includes(bits)) return { ...PLAIN, mode: 'P', bits };
  if (bits !== 8 || samples !== 2 || extra.length !== 1 || extra[0] !== NO_MEANING) return undefined;
  return { ...PLAIN, mode: 'P', bits, samples };
}

function inksOf({ bits, samples, extra }: StoredSamples): Layout | undefined {
  const fits = samples === 4 + extra.length && extra.every((meaning) => meaning === NO_MEANING);
  if (!fits || !(bits === 8 || (bits === 16 && samples === 4))) return undefined;
  return { ...PLAIN, mode: 'CMYK', bits, samples, channels: 4 };
}

function yCbCrOf({ bits, samples, extra }: StoredSamples): Layout | undefined {
  if (bits !== 8 || extra.length > 0) return undefined;
  if (samples === 1) return { ...PLAIN, mode: 'L', bits };
  return samples === 3 ? { ...PLAIN, mode: 'YCbCr', bits, samples, channels: 3 } : undefined;
}

/** Tells whether Pillow reads the layout with the bits of every byte in the opposite order. */
function mayBeReversed({ mode, bits, samples, channels }: Layout): boolean {
  if (mode === 'RGB') return bits === 8 && samples === 3;
  return channels === 1 && samples === 1 && bits !== 12 && bits <= 16;
}

/** Describes the layout of a file for an error message. */
function nameOf({ photometric, format, bits, samples, extra }: StoredSamples): string {
  const colours: Readonly<Record<number, string>> = {
    [GRAY_INVERTED]: 'inverted gray',
    [GRAY]: 'gray',
    [RGB]: 'RGB',
    [PALETTE]: 'palette',
    [INKS]: 'CMYK',
    [YCBCR]: 'YCbCr',
    8: 'CIELAB',
  };
  const kind = ['', '', 'signed ', 'floating-point '][format] ?? '';
  const depth = bits === 0 ? 'different sizes' : `${bits} bits`;
  const alpha = extra.includes(MULTIPLIED) || extra.includes(ALPHA) ? ', one of them alpha' : '';
  const colour = colours[photometric] ?? `colours of kind ${photometric}`;
  return `${colour} of ${samples} ${kind}sample${samples === 1 ? '' : 's'} of ${depth} a pixel${alpha}`;
}

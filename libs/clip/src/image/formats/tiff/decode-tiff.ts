import type { Sharp } from 'sharp';
import { imageUnreadable, tiffRefused } from '../../image-errors.js';
import { checkPixels, type ImageLimits } from '../../image-limits.js';
import type { Picture } from '../../picture.js';
import { divideByAlpha } from '../../resize/premultiply.js';
import { openImage, rawOf } from '../sharp-engine.js';
import { isCodedPicture, isJpeg, isPlain } from './tiff-compression.js';
import { TAG, type TiffDirectory } from './tiff-directory.js';
import { type TiffLayout, tiffLayoutOf } from './tiff-layout.js';
import { painterOf, type SampleCanvas } from './tiff-samples.js';
import { segmentsOf, type SegmentShape } from './tiff-segments.js';
import { subsamplingOf, yCbCrPainter, yCbCrShape } from './tiff-ycbcr.js';
import { turned } from './turn.js';

/**
 * Decodes the first page of a TIFF or BigTIFF as Pillow opens it, turned by its orientation. It reads strips and tiles
 * itself: libvips interprets samples differently from Pillow, and does not know all their layouts. libvips decodes JPEG
 * and fax coding inside a TIFF. Rejects with `image_too_large`, `image_unreadable` or, for kinds of samples or
 * compression that Pillow does not open or that are not read here, `image_format_refused` with the name of that kind.
 */
export async function decodeTiff(tiff: TiffDirectory, limits: ImageLimits): Promise<Picture> {
  const size = { width: tiff.one(TAG.width, 0), height: tiff.one(TAG.height, 0) };
  if (size.width < 1 || size.height < 1) throw imageUnreadable('a TIFF without pixels');
  checkPixels(size.width, size.height, limits);
  const layout = tiffLayoutOf(tiff);
  const compression = tiff.one(TAG.compression, 1);
  const picture = isCodedPicture(compression)
    ? await codedPicture(tiff, layout, limits)
    : storedPicture(tiff, size, layout);
  return turned(picture, tiff.one(TAG.orientation, 1));
}

/**
 * Tells whether libvips returns Pillow's pixels for the whole file: 8-bit gray or RGB, its samples side by side, not
 * turned. It decodes and shrinks such a file several times as fast. Throws as `decodeTiff` for a kind that is not read.
 */
export function isPlainTiff(tiff: TiffDirectory): boolean {
  const { mode, bits, samples, channels, inverted, separate } = tiffLayoutOf(tiff);
  const compression = tiff.one(TAG.compression, 1);
  const isJpegColour = mode === 'YCbCr' && isJpeg(compression);
  const isPlainMode = mode === 'L' || mode === 'RGB' || isJpegColour;
  const isPlainOrder = tiff.one(TAG.orientation, 1) === 1 && tiff.one(TAG.fillOrder, 1) === 1;
  const isUnsigned = tiff.one(TAG.sampleFormat, 1) === 1;
  const isKnown = isJpeg(compression) || PLAIN_COMPRESSIONS.includes(compression);
  const isWhole = samples === channels && tiff.one(TAG.planes, 1) === 1 && !separate;
  return isPlainMode && bits === 8 && isWhole && !inverted && isUnsigned && isPlainOrder && isKnown;
}

/** None, LZW, Deflate (two numbers) and PackBits, which the libtiff inside libvips is built with. */
const PLAIN_COMPRESSIONS: readonly number[] = [1, 5, 8, 32946, 32773];

interface Size {
  readonly width: number;
  readonly height: number;
}

function storedPicture(tiff: TiffDirectory, size: Size, layout: TiffLayout): Picture {
  if (layout.mode === 'YCbCr' && !isPlain(tiff.one(TAG.compression, 1))) return yCbCrPicture(tiff, size, layout);
  const { mode, channels } = layout;
  const samples = size.width * size.height * channels;
  const paintAll = <Data extends SampleCanvas['data']>(data: Data): Data => {
    paintInto({ data, width: size.width, channels }, tiff, size, layout);
    return data;
  };
  if (mode === 'I;16') return { ...size, mode, data: paintAll(new Uint16Array(samples)) };
  if (mode === 'I') return { ...size, mode, data: paintAll(new Int32Array(samples)) };
  if (mode === 'F') return { ...size, mode, data: paintAll(new Float32Array(samples)) };
  if (mode === 'YCbCr') checkWhole(tiff, layout);
  const data = paintAll(new Uint8Array(samples));
  if (layout.multiplied) divideByAlpha(data);
  const palette = mode === 'P' ? { palette: paletteOf(tiff) } : {};
  return { ...size, mode, channels, data, ...palette };
}

function paintInto(canvas: SampleCanvas, tiff: TiffDirectory, size: Size, layout: TiffLayout): void {
  const paint = painterOf(layout, tiff.little);
  const bitsPerPixel = layout.bits * (layout.separate ? 1 : layout.samples);
  const shape: SegmentShape = {
    unitWidth: 1,
    unitHeight: 1,
    rowBytesOf: (width) => Math.ceil((width * bitsPerPixel) / 8),
  };
  for (const segment of segmentsOf(tiff, size, layout, shape)) paint(canvas, segment);
}

/** For uncompressed YCbCr Pillow keeps the mode and ignores halved colours and planes, so these are refused. */
function checkWhole(tiff: TiffDirectory, layout: TiffLayout): void {
  const { across, down } = subsamplingOf(tiff);
  const isTagged = tiff.all(TAG.subsampling).length > 0;
  if (layout.separate || (isTagged && across * down > 1))
    throw tiffRefused('halved or separate YCbCr colours, uncompressed');
}

function yCbCrPicture(tiff: TiffDirectory, size: Size, layout: TiffLayout): Picture {
  const sampling = subsamplingOf(tiff);
  if (layout.separate) throw tiffRefused('YCbCr colours on separate planes');
  const data = new Uint8Array(size.width * size.height * 3);
  const paint = yCbCrPainter(tiff, sampling);
  for (const segment of segmentsOf(tiff, size, layout, yCbCrShape(sampling))) {
    paint({ data, width: size.width, channels: 3 }, segment);
  }
  return { ...size, mode: 'RGB', channels: 3, data };
}

/** Reads red, green and blue of each index. The file has all reds first, in 16 bits. */
function paletteOf(tiff: TiffDirectory): Uint8Array {
  const stored = tiff.all(TAG.colours);
  const colours = Math.trunc(stored.length / 3);
  if (colours === 0 || colours > 256) throw imageUnreadable('a TIFF without a palette');
  return Uint8Array.from({ length: colours * 3 }, (_, at) => {
    return Math.trunc((stored[(at % 3) * colours + Math.trunc(at / 3)] ?? 0) / 256);
  });
}

async function codedPicture(tiff: TiffDirectory, layout: TiffLayout, limits: ImageLimits): Promise<Picture> {
  checkCoded(tiff, layout);
  const image = openImage(tiff.bytes, limits.pixelsMax);
  const mode = layout.mode === 'YCbCr' ? 'RGB' : layout.mode;
  return {
    ...(await rawOf(pixelsOf(image, layout))),
    mode: mode === 'I;16' || mode === 'I' || mode === 'F' ? 'L' : mode,
  };
}

function pixelsOf(image: Sharp, { mode }: TiffLayout): Sharp {
  if (mode === 'CMYK') return image.pipelineColourspace('cmyk').toColourspace('cmyk');
  return mode === 'RGBA' || mode === 'LA' ? image : image.removeAlpha();
}

/**
 * Requires what libvips decodes to Pillow's pixels: JPEG of 8 bits with its samples side by side, or fax in black and
 * white.
 */
function checkCoded(tiff: TiffDirectory, { mode, bits, multiplied, samples, channels }: TiffLayout): void {
  if (!isJpeg(tiff.one(TAG.compression, 1))) {
    if (mode === '1' || bits === 1) return;
    throw tiffRefused(`fax compression of ${bits}-bit samples`);
  }
  const isTiled = tiff.all(TAG.tileWidth).length > 0;
  if (bits !== 8) throw tiffRefused(`JPEG compression of ${bits}-bit samples`);
  if (tiff.one(TAG.planes, 1) === 2) throw tiffRefused('JPEG compression of separate planes');
  if (multiplied || samples !== channels + (samples === 4 && channels === 3 ? 1 : 0)) {
    throw tiffRefused('JPEG compression of extra channels');
  }
  if (isTiled && (mode === 'LA' || mode === 'P'))
    throw tiffRefused('JPEG compression of tiles with alpha or a palette');
}

import { DomainError, type Pixels } from '#core';
import type { Preprocessing } from '../files/preprocessing.js';
import { decodeBmp } from './formats/bmp.js';
import { cropGeometry, type Geometry, squashGeometry } from './resize/geometry.js';
import { decodeGif } from './formats/gif.js';
import { type ImageFormat, imageFormatOf } from './formats/image-format.js';
import { checkBytes, checkPixels, type ImageLimits } from './image-limits.js';
import { checkHeader } from './cost/check-header.js';
import type { Picture } from './picture.js';
import { isLimitedGrayAvif, isPremultipliedAvif, plainAvif } from './formats/plain-avif.js';
import { plainPng } from './formats/plain-png.js';
import { divideByAlpha } from './resize/premultiply.js';
import { resizeCrop } from './resize/resize.js';
import { decode, fileModeOf, headerOf, openImage } from './formats/sharp-engine.js';
import { isShrink, shrinkCrop } from './resize/shrink.js';
import { decodeTiff, isPlainTiff } from './formats/tiff/decode-tiff.js';
import { readTiffDirectory, TAG } from './formats/tiff/tiff-directory.js';
import { toRgb } from './resize/to-rgb.js';

/**
 * Decodes an image to the square that the model sees: `cropTo * cropTo * 3` bytes of RGB. It follows open_clip and the
 * Python server, which use Pillow, also in the order of steps: `Resize` (bicubic) and `CenterCrop` in the file's own
 * mode, and `convert('RGB')` last. The order matters for everything but plain gray and RGB: alpha weighs the colours
 * that are averaged, palettes are resized by nearest pixel, inks as inks. Limits are checked on the header, before
 * decoding. Rejects with `item_empty`, `image_too_large`, `image_format_refused` or `image_unreadable`.
 *
 * @example
 * const bytes = await readFile('cat.jpg');
 * const square = await loadSquare(bytes, preprocessing, IMAGE_LIMITS_DEFAULT); // 224 * 224 * 3 bytes
 */
export async function loadSquare(bytes: Uint8Array, to: Preprocessing, limits: ImageLimits): Promise<Uint8Array> {
  checkBytes(bytes, limits);
  const format = imageFormatOf(bytes);
  const headerSeen = checkHeader(bytes, limits);
  if (format === 'gif') return squareOf(decodeGif(bytes, limits), to);
  if (format === 'bmp') return squareOf(decodeBmp(bytes, limits), to);
  if (format === 'tiff') {
    const tiff = readTiffDirectory(bytes);
    headerSeen.verify({
      width: tiff.one(TAG.width, 0),
      height: tiff.one(TAG.height, 0),
      channels: tiff.one(TAG.samples, 1),
    });
    if (!isPlainTiff(tiff)) return squareOf(await decodeTiff(tiff, limits), to);
  }
  const file = plainFile(bytes, format);
  const header = await headerOf(file);
  checkPixels(header.width, header.height, limits);
  headerSeen.verify(header);
  const mode = fileModeOf(file, format, header);
  const geometry = geometryOf(header.width, header.height, to);
  const image = openImage(file, limits.pixelsMax);
  if (isShrink(mode, header, geometry)) return wholeRange(await shrinkCrop(image, header, geometry), file, format);
  const picture = await decode(image, mode);
  if (picture.mode === 'RGBA' && format === 'avif' && isPremultipliedAvif(file)) divideByAlpha(picture.data);
  return wholeRange(squareOf(picture, to), file, format);
}

/** Spreads the gray of an AVIF from 16 … 235 over 0 … 255 where the file needs it. */
function wholeRange(square: Uint8Array, file: Uint8Array, format: ImageFormat): Uint8Array {
  if (format !== 'avif' || !isLimitedGrayAvif(file)) return square;
  return square.map((gray) => Math.max(0, Math.min(255, Math.round(((gray - 16) * 255) / 219))));
}

/**
 * Converts raw pixels to the square that the model sees. It drops alpha first, unlike that of a file: the Python server
 * turns an array into a PNG with docarray's `convert_image_tensor_to_blob`, which converts to RGB before it writes.
 * Throws `image_too_large` or `tensor_invalid`.
 */
export function squareOfPixels(pixels: Pixels, to: Preprocessing, limits: ImageLimits): Uint8Array {
  const { data, width, height, channels } = pixels;
  if (width < 1 || height < 1 || data.length !== width * height * channels) {
    throw new DomainError('tensor_invalid', 'The image array has no pixels, or not as many as its shape says.');
  }
  checkPixels(width, height, limits);
  if (channels === 1) return squareOf({ ...pixels, mode: 'L' }, to);
  return squareOf(
    { data: toRgb({ ...pixels, mode: channels === 4 ? 'RGBA' : 'RGB' }), width, height, channels: 3, mode: 'RGB' },
    to,
  );
}

/** Corrects what libvips reads differently from Pillow. */
function plainFile(bytes: Uint8Array, format: ImageFormat): Uint8Array {
  if (format === 'avif') return plainAvif(bytes);
  return format === 'png' ? plainPng(bytes) : bytes;
}

function squareOf(picture: Picture, to: Preprocessing): Uint8Array {
  return toRgb(resizeCrop(picture, geometryOf(picture.width, picture.height, to)));
}

function geometryOf(width: number, height: number, { resizeTo, cropTo, fit, kernel }: Preprocessing): Geometry {
  const geometry = fit === 'squash' ? squashGeometry(resizeTo, cropTo) : cropGeometry(width, height, resizeTo, cropTo);
  return kernel === undefined ? geometry : { ...geometry, kernel };
}

import type { Metadata } from 'sharp';
import { DomainError, type Pixels } from '#core';
import type { Preprocessing } from '../model-files.js';
import { decodeBmp } from './bmp.js';
import { cropGeometry } from './geometry.js';
import { decodeGif } from './gif.js';
import { imageUnreadable } from './image-errors.js';
import { imageFormatOf } from './image-format.js';
import { checkBytes, checkPixels, type ImageLimits } from './image-limits.js';
import { resampleCrop, type RgbImage } from './resample.js';
import { headerOf, openImage, rawGray16Of, rawOf } from './sharp-engine.js';
import { isShrink, shrinkCrop } from './shrink.js';
import { cmykToRgb, gray16ToRgb, toRgb } from './to-rgb.js';

/**
 * An encoded image as the square that the model sees: `cropTo * cropTo * 3` bytes of RGB, as Pillow's
 * `convert('RGB')`, `Resize` (bicubic) and `CenterCrop` give them. Limits are checked on the header, before decoding.
 * Throws `item_empty`, `image_too_large`, `image_format_refused` or `image_unreadable`.
 */
export async function loadSquare(bytes: Uint8Array, to: Preprocessing, limits: ImageLimits): Promise<Uint8Array> {
  checkBytes(bytes, limits);
  const format = imageFormatOf(bytes);
  if (format === 'gif') return squareOf(decodeGif(bytes, limits), to);
  if (format === 'bmp') return squareOf(decodeBmp(bytes, limits), to);
  const header = await headerOf(bytes);
  checkPixels(header.width, header.height, limits);
  const geometry = cropGeometry(header.width, header.height, to.resizeTo, to.cropTo);
  if (isShrink(header, geometry)) return shrinkCrop(bytes, header, geometry, limits.pixelsMax);
  return squareOf(await decode(bytes, header, limits), to);
}

/** Raw pixels as the square that the model sees. Throws `image_too_large` or `tensor_invalid`. */
export function squareOfPixels(pixels: Pixels, to: Preprocessing, limits: ImageLimits): Uint8Array {
  const { data, width, height, channels } = pixels;
  if (width < 1 || height < 1 || data.length !== width * height * channels) {
    throw new DomainError('tensor_invalid', 'The image array has no pixels, or not as many as its shape says.');
  }
  checkPixels(width, height, limits);
  return squareOf(toRgb(pixels), to);
}

function squareOf(image: RgbImage, to: Preprocessing): Uint8Array {
  return resampleCrop(image, cropGeometry(image.width, image.height, to.resizeTo, to.cropTo));
}

async function decode(bytes: Uint8Array, header: Metadata, limits: ImageLimits): Promise<RgbImage> {
  const image = openImage(bytes, limits.pixelsMax);
  if (header.space === 'cmyk') return decodeCmyk(await rawOf(image.pipelineColourspace('cmyk').toColourspace('cmyk')));
  if (header.space === 'grey16' && !header.hasAlpha) {
    const { samples, width, height, channels } = await rawGray16Of(image);
    return gray16ToRgb(samples, width, height, channels);
  }
  return toRgb(await rawOf(image.removeAlpha()));
}

function decodeCmyk(raw: Awaited<ReturnType<typeof rawOf>>): RgbImage {
  if (raw.channels < 4) throw imageUnreadable(`CMYK with ${raw.channels} channels`);
  return cmykToRgb(raw);
}

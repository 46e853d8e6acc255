import { imageUnreadable } from '../image-errors.js';
import type { BytePicture, Picture, WidePicture } from '../picture.js';
import { mulDiv255 } from './premultiply.js';

/**
 * Converts to three bytes of RGB a pixel, as Pillow's `convert('RGB')` does. Gray is repeated, alpha is dropped without
 * blending, gray of more bits is clipped to 0 … 255 and not scaled, inks are subtracted from white. Throws
 * `image_unreadable` when the decoder returned a number of channels that the mode does not have.
 *
 * @example
 * toRgb({ data: Uint8Array.of(7), width: 1, height: 1, channels: 1, mode: 'L' }); // [7, 7, 7]
 */
export function toRgb(picture: Picture): Uint8Array {
  if (picture.mode === 'I;16' || picture.mode === 'I' || picture.mode === 'F') return wideToRgb(picture);
  if (picture.mode === 'CMYK') return inksToRgb(picture);
  if (picture.mode === 'YCbCr') return yCbCrToRgb(picture);
  const { data, channels, palette } = picture;
  if (palette) return unfolded(picture, palette);
  if (channels === 3) return data;
  if (channels < 1 || channels > 4) throw imageUnreadable(`${channels} channels`);
  const [green, blue] = channels === 4 ? [1, 2] : [0, 0];
  const rgb = emptyRgb(picture);
  for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
    rgb[to] = data[from] ?? 0;
    rgb[to + 1] = data[from + green] ?? 0;
    rgb[to + 2] = data[from + blue] ?? 0;
  }
  return rgb;
}

/** Looks up the colours of a palette. An index outside of it is black. */
function unfolded(picture: BytePicture, palette: Uint8Array): Uint8Array {
  const { data, channels } = picture;
  const rgb = emptyRgb(picture);
  for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
    const entry = (data[from] ?? 0) * 3;
    for (let colour = 0; colour < 3; colour++) rgb[to + colour] = palette[entry + colour] ?? 0;
  }
  return rgb;
}

function wideToRgb(picture: WidePicture): Uint8Array {
  const rgb = emptyRgb(picture);
  picture.data.forEach((sample: number, at: number) => {
    rgb.fill(Math.max(0, Math.min(255, sample)), at * 3, at * 3 + 3);
  });
  return rgb;
}

/** Converts as Pillow's `ImagingConvertYCbCr2RGB`, whose tables (`ConvertYCbCr.c`) have 6 fraction bits. */
function yCbCrToRgb(picture: BytePicture): Uint8Array {
  const { data } = picture;
  const rgb = new Uint8ClampedArray(emptyRgb(picture).buffer);
  for (let at = 0; at < rgb.length; at += 3) {
    const [luma, blue, red] = [data[at] ?? 0, (data[at + 1] ?? 0) - 128, (data[at + 2] ?? 0) - 128];
    rgb[at] = luma + (inSixtyFourths(1.402 * red) >> 6);
    rgb[at + 1] = luma + ((inSixtyFourths(-0.34414 * blue) + inSixtyFourths(-0.71414 * red)) >> 6);
    rgb[at + 2] = luma + (inSixtyFourths(1.772 * blue) >> 6);
  }
  return new Uint8Array(rgb.buffer);
}

function inSixtyFourths(value: number): number {
  return Math.trunc(value * 64 + 0.5);
}

/** Converts as Pillow's `cmyk2rgb` (`Convert.c`): subtracts each ink from what black leaves. */
function inksToRgb(picture: BytePicture): Uint8Array {
  const { data, channels } = picture;
  if (channels < 4) throw imageUnreadable(`CMYK with ${channels} channels`);
  const rgb = emptyRgb(picture);
  for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
    const light = 255 - (data[from + 3] ?? 0);
    for (let ink = 0; ink < 3; ink++) rgb[to + ink] = Math.max(0, light - mulDiv255(data[from + ink] ?? 0, light));
  }
  return rgb;
}

function emptyRgb({ width, height }: Picture): Uint8Array {
  return new Uint8Array(width * height * 3);
}

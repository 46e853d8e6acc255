import { imageUnreadable } from './image-errors.js';
import type { BytePicture, Picture, WidePicture } from './picture.js';
import { mulDiv255 } from './premultiply.js';

/**
 * Pillow's `convert('RGB')`, three bytes a pixel: gray is repeated, alpha is dropped without blending, 16-bit gray above
 * 255 is white (it does not scale, and neither do we), inks are taken from white. Throws `image_unreadable` when the
 * decoder answered a number of channels that the mode does not have.
 */
export function toRgb(picture: Picture): Uint8Array {
  if (picture.mode === 'I;16') return wideToRgb(picture);
  if (picture.mode === 'CMYK') return inksToRgb(picture);
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

/** An index that the palette does not have is black. */
function unfolded(picture: BytePicture, palette: Uint8Array): Uint8Array {
  const rgb = emptyRgb(picture);
  for (let to = 0; to < rgb.length; to++)
    rgb[to] = palette[(picture.data[Math.trunc(to / 3)] ?? 0) * 3 + (to % 3)] ?? 0;
  return rgb;
}

function wideToRgb(picture: WidePicture): Uint8Array {
  const rgb = emptyRgb(picture);
  picture.data.forEach((sample, at) => rgb.fill(Math.min(sample, 255), at * 3, at * 3 + 3));
  return rgb;
}

/** Pillow's `cmyk2rgb` (`Convert.c`): each ink is subtracted from what black leaves. */
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

import { imageUnreadable } from './image-errors.js';
import type { RgbImage } from './resample.js';
import type { RawImage } from './sharp-engine.js';

/**
 * Pillow's `convert('RGB')` for 8-bit samples: gray is repeated, alpha is dropped without blending. `channels`: 1 gray,
 * 2 gray and alpha, 3 RGB, 4 RGB and alpha.
 */
export function toRgb(raw: RawImage): RgbImage {
  const { data, width, height, channels } = raw;
  if (channels === 3) return { data, width, height };
  if (channels < 1 || channels > 4) throw imageUnreadable(`${channels} channels`);
  const [green, blue] = channels === 4 ? [1, 2] : [0, 0];
  return filled(width, height, (rgb) => {
    for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
      rgb[to] = data[from] ?? 0;
      rgb[to + 1] = data[from + green] ?? 0;
      rgb[to + 2] = data[from + blue] ?? 0;
    }
  });
}

/** Pillow's `I;16` to RGB: values above 255 are white. It does not scale, and neither do we. */
export function gray16ToRgb(samples: Uint16Array, width: number, height: number, channels: number): RgbImage {
  return filled(width, height, (rgb) => {
    for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
      rgb.fill(Math.min(samples[from] ?? 0, 255), to, to + 3);
    }
  });
}

/** Pillow's `cmyk2rgb` (`Convert.c`): each ink is subtracted from what black leaves, by its `MULDIV255`. */
export function cmykToRgb({ data, width, height, channels }: RawImage): RgbImage {
  return filled(width, height, (rgb) => {
    for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
      const light = 255 - (data[from + 3] ?? 0);
      for (let ink = 0; ink < 3; ink++) {
        const product = (data[from + ink] ?? 0) * light + 128;
        rgb[to + ink] = Math.max(0, light - (((product >> 8) + product) >> 8));
      }
    }
  });
}

function filled(width: number, height: number, fill: (rgb: Uint8Array) => void): RgbImage {
  const data = new Uint8Array(width * height * 3);
  fill(data);
  return { data, width, height };
}

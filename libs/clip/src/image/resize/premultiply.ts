import type { Raster } from '../picture.js';

/** Pixels `first` … `end - 1` of an axis. */
interface Range {
  readonly first: number;
  readonly end: number;
}

/**
 * Multiplies colours by alpha, as Pillow does while it resizes `LA` and `RGBA`, so that invisible pixels lend no colour
 * to their neighbours. It works in place, in these columns and rows only: a copy of a whole picture would take 200 MB
 * more. The last channel is alpha. It rounds as `MULDIV255` of Pillow's `Imaging.h`.
 */
export function premultiplyWithin({ data, width, channels }: Raster, columns: Range, rows: Range): void {
  for (let y = rows.first; y < rows.end; y++) {
    const end = (y * width + columns.end) * channels;
    for (let at = (y * width + columns.first) * channels; at < end; at += channels) {
      const alpha = data[at + channels - 1] ?? 0;
      if (alpha === 255) continue;
      for (let sample = at; sample < at + channels - 1; sample++) data[sample] = mulDiv255(data[sample] ?? 0, alpha);
    }
  }
}

/**
 * Divides colours by alpha again, truncated and at most 255. Where alpha is 0 the colour stays. Source: `rgba2rgbA` and
 * `la2lA` of Pillow's `Convert.c`.
 */
export function unpremultiplied(data: Uint8Array, channels: number): Uint8Array {
  const out = new Uint8Array(data);
  for (let at = 0; at < out.length; at += channels) {
    const alpha = out[at + channels - 1] ?? 0;
    if (alpha === 255 || alpha === 0) continue;
    for (let sample = at; sample < at + channels - 1; sample++) {
      out[sample] = Math.min(255, Math.trunc((255 * (out[sample] ?? 0)) / alpha));
    }
  }
  return out;
}

/**
 * Divides the colours of premultiplied RGBA by alpha, in place and truncated. Where alpha is 0 the colour becomes 0.
 * Source: `unpackRGBa` of Pillow's `Unpack.c`.
 */
export function divideByAlpha(data: Uint8Array): void {
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] ?? 0;
    if (alpha === 255) continue;
    for (let sample = at; sample < at + 3; sample++) {
      data[sample] = alpha === 0 ? 0 : Math.min(255, Math.trunc(((data[sample] ?? 0) * 255) / alpha));
    }
  }
}

/** Computes `a * b / 255`, rounded as Pillow does. */
export function mulDiv255(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

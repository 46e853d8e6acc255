/**
 * Colour times alpha, as Pillow stores it while it resizes `LA` and `RGBA`: invisible pixels then lend no colour to
 * their neighbours. `channels` samples a pixel, the last of them alpha. Rounds as `MULDIV255` of Pillow's `Imaging.h`.
 */
export function premultiplied(data: Uint8Array, channels: number): Uint8Array {
  const out = new Uint8Array(data);
  for (let at = 0; at < out.length; at += channels) {
    const alpha = out[at + channels - 1] ?? 0;
    if (alpha === 255) continue;
    for (let sample = at; sample < at + channels - 1; sample++) out[sample] = mulDiv255(out[sample] ?? 0, alpha);
  }
  return out;
}

/**
 * The way back: colour over alpha, cut down to whole numbers and at most 255. Where alpha is 0 the colour stays.
 * Source: `rgba2rgbA` and `la2lA` of Pillow's `Convert.c`.
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

/** `a * b / 255`, rounded, in Pillow's way. */
export function mulDiv255(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

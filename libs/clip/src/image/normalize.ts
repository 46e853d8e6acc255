import type { Preprocessing } from '../files/preprocessing.js';

/**
 * Writes one square of RGB bytes into `into` as the visual tower wants it: planes of red, green and blue (CHW), each
 * value / 255, less the channel's mean, over its standard deviation, folded into one multiplication and one addition.
 */
export function normalizeInto(into: Float32Array, square: Uint8Array, { mean, std }: Preprocessing): void {
  const plane = square.length / 3;
  for (let channel = 0; channel < 3; channel++) {
    const factor = 1 / (255 * (std[channel] ?? 1));
    const shift = -(mean[channel] ?? 0) / (std[channel] ?? 1);
    const base = channel * plane;
    for (let at = 0, from = channel; at < plane; at++, from += 3) {
      into[base + at] = (square[from] ?? 0) * factor + shift;
    }
  }
}

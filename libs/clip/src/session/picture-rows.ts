import type { Preprocessing } from '../files/preprocessing.js';

/** The input of a visual tower, a row a picture: planes of normalized numbers, or squares of RGB bytes. */
export type PictureRows = Float32Array | Uint8Array;

/** One batch runs while the next is prepared. */
const BUFFERS_KEPT_MAX = 2;

/**
 * Reuses the buffers of batches: 32 pictures are 19 MB, and collecting that much garbage per batch costs more than
 * filling it. A buffer that is never released is simply collected.
 */
export class BufferPool<Buffer extends { readonly length: number }> {
  private readonly free: Buffer[] = [];

  constructor(private readonly make: (length: number) => Buffer) {}

  /** Returns a buffer of at least `length` elements, with the content of its last use. */
  acquire(length: number): Buffer {
    const at = this.free.findIndex((buffer) => buffer.length >= length);
    return this.free.splice(at < 0 ? this.free.length : at, 1)[0] ?? this.make(length);
  }

  release(buffer: Buffer): void {
    if (this.free.length < BUFFERS_KEPT_MAX) this.free.push(buffer);
  }
}

/**
 * Writes one square of RGB bytes into `into` as planes of red, green and blue (CHW): each value / 255, minus the
 * channel's mean, over its standard deviation, folded into one multiplication and one addition.
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

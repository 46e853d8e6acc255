import type { Raster } from '../picture.js';
import { type AxisWeights, WEIGHT_BITS } from './resample-weights.js';

type Axis = AxisWeights<Int32Array>;
type Rows = Omit<Raster, 'height'>;

/**
 * The horizontal pass: resizes rows of any length to `side` pixels each, rounded to 8 bits. One walk with a sum per
 * channel takes half the time of one walk per channel, so three and four channels have loops of their own.
 */
export function squeezeRows(rows: Rows, axis: Axis, side: number): Uint8Array {
  const out = new Uint8ClampedArray((rows.data.length / (rows.width * rows.channels)) * side * rows.channels);
  if (rows.channels === 3) squeezeThree(out, rows, axis, side);
  else if (rows.channels === 4) squeezeFour(out, rows, axis, side);
  else squeezeEach(out, rows, axis, side);
  return new Uint8Array(out.buffer);
}

function squeezeThree(out: Uint8ClampedArray, { data, width }: Rows, axis: Axis, side: number): void {
  const { starts, counts, weights, window } = axis;
  for (let to = 0, row = 0; to < out.length; row += width) {
    for (let x = 0; x < side; x++) {
      let first = HALF;
      let second = HALF;
      let third = HALF;
      let from = (row + at(starts, x)) * 3;
      const end = x * window + at(counts, x);
      for (let k = x * window; k < end; k++, from += 3) {
        const weight = at(weights, k);
        first += Math.imul(at(data, from), weight);
        second += Math.imul(at(data, from + 1), weight);
        third += Math.imul(at(data, from + 2), weight);
      }
      out[to++] = first >> WEIGHT_BITS;
      out[to++] = second >> WEIGHT_BITS;
      out[to++] = third >> WEIGHT_BITS;
    }
  }
}

function squeezeFour(out: Uint8ClampedArray, { data, width }: Rows, axis: Axis, side: number): void {
  const { starts, counts, weights, window } = axis;
  for (let to = 0, row = 0; to < out.length; row += width) {
    for (let x = 0; x < side; x++) {
      let first = HALF;
      let second = HALF;
      let third = HALF;
      let fourth = HALF;
      let from = (row + at(starts, x)) * 4;
      const end = x * window + at(counts, x);
      for (let k = x * window; k < end; k++, from += 4) {
        const weight = at(weights, k);
        first += Math.imul(at(data, from), weight);
        second += Math.imul(at(data, from + 1), weight);
        third += Math.imul(at(data, from + 2), weight);
        fourth += Math.imul(at(data, from + 3), weight);
      }
      out[to++] = first >> WEIGHT_BITS;
      out[to++] = second >> WEIGHT_BITS;
      out[to++] = third >> WEIGHT_BITS;
      out[to++] = fourth >> WEIGHT_BITS;
    }
  }
}

function squeezeEach(out: Uint8ClampedArray, { data, width, channels }: Rows, axis: Axis, side: number): void {
  const { starts, counts, weights, window } = axis;
  for (let to = 0, row = 0; to < out.length; row += width) {
    for (let x = 0; x < side; x++) {
      const first = (row + at(starts, x)) * channels;
      const end = x * window + at(counts, x);
      for (let channel = 0; channel < channels; channel++) {
        let sum = HALF;
        for (let k = x * window, from = first + channel; k < end; k++, from += channels) {
          sum += Math.imul(at(data, from), at(weights, k));
        }
        out[to++] = sum >> WEIGHT_BITS;
      }
    }
  }
}

/** Half of the last bit that is kept. Added before truncation, it rounds. */
export const HALF = 1 << (WEIGHT_BITS - 1);

/** Reads an element in the inner loops, where every index is inside by construction. */
export function at(values: Uint8Array | Int32Array, index: number): number {
  return values[index] ?? 0;
}

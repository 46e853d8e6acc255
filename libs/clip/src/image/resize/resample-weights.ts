import type { Kernel } from '../../files/preprocessing.js';

/** How one axis of a picture is resampled: each output pixel has a window of input pixels and their weights. */
export interface AxisWeights<Weights extends Float64Array | Int32Array = Float64Array> {
  /** First input pixel of each window. */
  readonly starts: Int32Array;
  /** How many input pixels each window has. */
  readonly counts: Int32Array;
  /** `window` weights per output pixel. Those of one window sum up to 1. */
  readonly weights: Weights;
  readonly window: number;
}

/** Fraction bits of a fixed-point weight: 32, minus 8 for the pixel, minus 2 of head room (Pillow's PRECISION_BITS). */
export const WEIGHT_BITS = 32 - 8 - 2;
/** The kernels and their reach, in pixels. */
const KERNELS: Readonly<Record<Kernel, { readonly support: number; readonly weight: (offset: number) => number }>> = {
  bicubic: { support: 2, weight: cubic },
  bilinear: { support: 1, weight: triangle },
};

/**
 * Computes the weights of Pillow's antialiased filter for output pixels `from` … `from + count - 1` of an axis that is
 * resized from `inputSize` to `outputSize` pixels. It follows `precompute_coeffs` of Pillow's
 * `src/libImaging/Resample.c` step by step, rounding included: the results are equal, not close.
 */
export function axisWeights(
  inputSize: number,
  outputSize: number,
  from: number,
  count: number,
  kernel: Kernel = 'bicubic',
): AxisWeights {
  const { support: reach, weight } = KERNELS[kernel];
  const scale = inputSize / outputSize;
  const filterScale = Math.max(scale, 1);
  const support = reach * filterScale;
  const window = Math.ceil(support) * 2 + 1;
  const axis = {
    starts: new Int32Array(count),
    counts: new Int32Array(count),
    weights: new Float64Array(count * window),
    window,
  };
  for (let at = 0; at < count; at++) {
    const center = (from + at + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const end = Math.min(inputSize, Math.trunc(center + support + 0.5));
    axis.starts[at] = start;
    axis.counts[at] = end - start;
    const weights = axis.weights.subarray(at * window, at * window + end - start);
    fillWindow(start - center + 0.5, 1 / filterScale, weights, weight);
  }
  return axis;
}

/** Converts weights to fixed point with `WEIGHT_BITS` fraction bits, for 8-bit samples (`normalize_coeffs_8bpc`). */
export function fixedPoint(axis: AxisWeights): AxisWeights<Int32Array> {
  const weights = Int32Array.from(axis.weights, (weight) => {
    const scaled = weight * 2 ** WEIGHT_BITS;
    return Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  });
  return { ...axis, weights };
}

function fillWindow(
  firstOffset: number,
  stretch: number,
  weights: Float64Array,
  kernel: (offset: number) => number,
): void {
  let sum = 0;
  for (let at = 0; at < weights.length; at++) sum += weights[at] = kernel((at + firstOffset) * stretch);
  if (sum === 0) return;
  for (let at = 0; at < weights.length; at++) weights[at] = (weights[at] ?? 0) / sum;
}

/** Pillow's `bilinear_filter`. */
function triangle(offset: number): number {
  return Math.max(0, 1 - Math.abs(offset));
}

/** Keys' cubic convolution with a = -0.5. */
function cubic(offset: number): number {
  const a = -0.5;
  const x = Math.abs(offset);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

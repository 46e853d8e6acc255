import type { DenseArray, Pixels } from '#core';
import { type ElementKind, elementsOf } from './array-elements.js';
import { tensorInvalid } from './tensor-invalid.js';

/**
 * A docarray tensor as an image. Shape `[height, width, channels]` with 1, 3 or 4 channels, or `[height, width]`;
 * leading axes of length 1 are dropped. Values:
 * - booleans: 0 and 255;
 * - integers: 0 to 255;
 * - floats whose values all lie in 0 to 1: times 255, rounded;
 * - other floats: 0 to 255, fractions cut off, as the Python server's `astype(uint8)` does.
 *
 * The Python server cuts floats of 0 to 1 down to black and lets other values wrap around; those pictures were wrong,
 * so the first are scaled here and the second refused. Throws `tensor_invalid`.
 */
export function pixelsFromArray(array: DenseArray): Pixels {
  const { height, width, channels } = imageShape(array.shape);
  const { values, kind } = elementsOf(array);
  if (values.length !== height * width * channels) {
    throw tensorInvalid(`it holds ${values.length} values, but its shape asks for ${height * width * channels}`);
  }
  return { data: bytesOf(values, kind), width, height, channels };
}

function imageShape(shape: readonly number[]): { height: number; width: number; channels: 1 | 3 | 4 } {
  const extra = Math.max(0, shape.length - 3);
  const [height = 0, width = 0, channels = 1] = shape.slice(0, extra).every((size) => size === 1)
    ? shape.slice(extra)
    : [];
  const sizes = [height, width].every((size) => Number.isSafeInteger(size) && size > 0);
  if (sizes && shape.length >= 2 && (channels === 1 || channels === 3 || channels === 4)) {
    return { height, width, channels };
  }
  throw tensorInvalid(`its shape is [${shape.slice(0, 8).join(', ')}]`);
}

function bytesOf(values: ArrayLike<number>, kind: ElementKind): Uint8Array {
  if (values instanceof Uint8Array && kind === 'integer') return values;
  const factor = kind === 'bool' || (kind === 'float' && isWithin(values, 1)) ? 255 : 1;
  if (factor === 1 && !isWithin(values, 255)) throw tensorInvalid('some values are below 0, above 255 or not numbers');
  const half = factor === 1 ? 0 : 0.5;
  return Uint8Array.from(values, (value) => Math.trunc(value * factor + half));
}

function isWithin(values: ArrayLike<number>, largest: number): boolean {
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? NaN;
    if (!(value >= 0 && value <= largest)) return false;
  }
  return true;
}

import { type DenseArray, type Pixels, turns } from '#core';
import { type ArrayElements, elementsOf, tensorInvalid } from './array-elements.js';

/**
 * Converts a docarray tensor to pixels. It takes shape `[height, width, channels]` with 1, 3 or 4 channels, or
 * `[height, width]`; leading axes of length 1 are dropped. Values become:
 * - booleans: 0 and 255;
 * - integers: 0 to 255;
 * - floats whose values all lie in 0 to 1: times 255, rounded;
 * - other floats: 0 to 255, fractions cut off, as the Python server's `astype(uint8)` does.
 *
 * The Python server truncates floats from 0 to 1 to black and lets other values wrap around. Those pictures were wrong,
 * so this function scales the first and refuses the second. It returns bytes as they are, without a copy, and reads
 * everything else in slices of the event loop. Rejects with `tensor_invalid`.
 *
 * @example
 * await pixelsFromArray({ buffer: new Uint8Array(224 * 224 * 3), dtype: '|u1', shape: [224, 224, 3] });
 */
export async function pixelsFromArray(array: DenseArray): Promise<Pixels> {
  const { height, width, channels } = imageShape(array.shape);
  const elements = elementsOf(array);
  if (elements.length !== height * width * channels) {
    throw tensorInvalid(`it holds ${elements.length} values, but its shape asks for ${height * width * channels}`);
  }
  const isBytes = /^[<>|=]?u1$/.test(array.dtype);
  return { data: isBytes ? array.buffer : await bytesOf(elements), width, height, channels };
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

async function bytesOf(elements: ArrayElements): Promise<Uint8Array> {
  const { kind, length } = elements;
  const factor = kind === 'bool' || (kind === 'float' && (await isWithin(elements, 1))) ? 255 : 1;
  if (factor === 1 && !(await isWithin(elements, 255))) {
    throw tensorInvalid('some values are below 0, above 255 or not numbers');
  }
  const half = factor === 1 ? 0 : 0.5;
  const bytes = new Uint8Array(length);
  for await (const { start, end } of slices(length)) {
    for (let at = start; at < end; at++) bytes[at] = Math.trunc(elements.at(at) * factor + half);
  }
  return bytes;
}

async function isWithin(elements: ArrayElements, largest: number): Promise<boolean> {
  for await (const { start, end } of slices(elements.length)) {
    for (let at = start; at < end; at++) {
      const value = elements.at(at);
      if (!(value >= 0 && value <= largest)) return false;
    }
  }
  return true;
}

/** Values read in one turn of the event loop: about a millisecond's work. */
const SLICE_LENGTH = 64 * 1024;

async function* slices(length: number): AsyncGenerator<{ start: number; end: number }, void> {
  for (let start = 0; start < length; start += SLICE_LENGTH) {
    if (turns.isOver) await turns.next();
    yield { start, end: Math.min(start + SLICE_LENGTH, length) };
  }
}

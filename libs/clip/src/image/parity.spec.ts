import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Preprocessing } from '../files/preprocessing.js';
import { IMAGE_LIMITS_DEFAULT } from './image-limits.js';
import { loadSquare } from './load-square.js';

interface Case {
  name: string;
  file: string;
  square: string;
  size: number;
}
const cases = readFileSync('test/reference/images/index.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

/** libheif spreads halved colour planes over the pixels in another way than the decoder inside Pillow. */
const HALVED_COLOUR = ['avif-lossy', 'avif-alpha'];
/** What libvips resizes, plain gray and RGB that shrink. All else is resampled here: same arithmetic, same result. */
const BY_LIBVIPS =
  /^(jpeg-(420|444|progressive|gray|rotated|profile|large)|png-(rgb|gray)|webp-(lossy|lossless)|tiff-(rgb|gray|pages)|avif-.*)$/;

describe('the square that the model sees, against what Pillow makes of the same file in the order of open_clip', () => {
  const near = cases.filter(({ name }) => BY_LIBVIPS.test(name));
  it.each(near)('$name: at most half a step of 255 off on average', async (reference) => {
    const { mean } = await compare(reference);

    expect(mean).toBeLessThanOrEqual(HALVED_COLOUR.includes(reference.name) ? 3 : 0.5);
  });

  it.each(cases.filter((reference) => !near.includes(reference)))('$name: not one pixel off', async (reference) => {
    expect((await compare(reference)).largest).toBe(0);
  });
});

async function compare({ file, square, size }: Case): Promise<{ mean: number; largest: number }> {
  const ours = await loadSquare(readFileSync(file), to(size), IMAGE_LIMITS_DEFAULT);
  return differences(ours, await sharp(readFileSync(square)).raw().toBuffer());
}

function to(size: number): Preprocessing {
  return { resizeTo: size, cropTo: size, mean: [0, 0, 0], std: [1, 1, 1] };
}

function differences(a: Uint8Array, b: Uint8Array): { mean: number; largest: number } {
  expect(a.length).toBe(b.length);
  const all = Array.from(a, (value, at) => Math.abs(value - (b[at] ?? NaN)));
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return { mean, largest: all.reduce((most, value) => Math.max(most, value), 0) };
}

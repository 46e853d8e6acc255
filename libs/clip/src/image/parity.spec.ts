import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Preprocessing } from '../model-files.js';
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
/** Files of these kinds are resampled here and not by libvips: same arithmetic, same result. */
const EXACT = /^(bmp|gif)|alpha|rgba|16$|cmyk|png-palette|1-bit|small|upscaled|same|[123]x\d|2000x1|key|gamma/;

describe('the square that the model sees, against what Pillow makes of the same file', () => {
  it.each(cases)('$name: at most one step of 255 off on average', async (reference) => {
    const { mean } = await compare(reference);

    expect(mean).toBeLessThanOrEqual(HALVED_COLOUR.includes(reference.name) ? 3 : 1);
  });

  const exact = cases.filter(({ name }) => EXACT.test(name) && !HALVED_COLOUR.includes(name));
  it.each(exact)('$name: not one pixel off', async (reference) => {
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

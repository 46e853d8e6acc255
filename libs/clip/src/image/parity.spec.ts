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
const cases = JSON.parse(readFileSync('test/reference/images/index.json', 'utf8')) as Case[];

describe('the square that the model sees, against what Pillow makes of the same file', () => {
  it.each(cases)('$name', async ({ name, file, square, size }) => {
    const ours = await loadSquare(readFileSync(file), to(size), IMAGE_LIMITS_DEFAULT);
    const theirs = await sharp(readFileSync(square)).raw().toBuffer();
    const d = differences(ours, theirs);
    process.stderr.write("@@ "+name.padEnd(30)+ d.mean.toFixed(4)+" "+d.largest+"\n");
    expect(d.mean).toBeLessThanOrEqual(1);
  });
});

function to(size: number): Preprocessing {
  return { resizeTo: size, cropTo: size, mean: [0, 0, 0], std: [1, 1, 1] };
}

function differences(a: Uint8Array, b: Uint8Array): { mean: number; largest: number } {
  expect(a.length).toBe(b.length);
  const all = Array.from(a, (value, at) => Math.abs(value - (b[at] ?? NaN)));
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return { mean, largest: all.reduce((most, value) => Math.max(most, value), 0) };
}

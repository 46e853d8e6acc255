import { describe, expect, it } from 'vitest';
import { resampleCrop } from './resample.js';

/** One row of gray, halved. */
function halved(row: number[], kernel: 'bilinear' | 'bicubic'): number[] {
  const data = Uint8Array.from([...row, ...row]);
  const geometry = { width: 2, height: 2, left: 0, top: 0, side: 2, kernel };
  return [...resampleCrop({ data, width: 4, height: 2, channels: 1 }, geometry).subarray(0, 2)];
}

describe('the kernels, halving four pixels to two', () => {
  it('bilinear weighs three pixels 3 : 3 : 1, as an antialiased triangle of twice its width does', () => {
    expect(halved([0, 70, 140, 255], 'bilinear')).toEqual([50, 179]);
  });

  it('bicubic reaches all four and overshoots', () => {
    expect(halved([0, 0, 255, 255], 'bicubic')).not.toEqual(halved([0, 0, 255, 255], 'bilinear'));
  });
});

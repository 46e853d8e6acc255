import { describe, expect, it } from 'vitest';
import type { BytePicture } from '../picture.js';
import { nearestCrop, resizeCrop } from './resize.js';
import { toRgb } from './to-rgb.js';

describe('resizing for a square in the middle', () => {
  it('finds the nearest pixels at once, however long the enlarged picture is', () => {
    const column = { data: Uint8Array.from([10, 20, 30]), width: 1, height: 3, channels: 1 };
    const geometry = { width: 2, height: 1e12, left: 0, top: 5e11, side: 2 };

    expect([...nearestCrop(column, geometry)]).toEqual([20, 20, 20, 20]);
  });

  it('multiplies alpha in only where the square is made of, which for a long picture is little', () => {
    const picture: BytePicture = {
      data: new Uint8Array(2 * 200 * 4).fill(100),
      width: 2,
      height: 200,
      channels: 4,
      mode: 'RGBA',
    };
    const square = resizeCrop(picture, { width: 4, height: 400, left: 0, top: 198, side: 4 });

    const rowsChanged = Array.from({ length: 200 }, (_, y) => y).filter((y) => picture.data[y * 8] !== 100);
    expect(rowsChanged).toEqual([97, 98, 99, 100, 101, 102]);
    expect([...square.data.subarray(0, 4)]).toEqual([99, 99, 99, 100]);
  });
});

describe('a palette', () => {
  it('is looked up after resizing; an index that it lacks is black', () => {
    const data = Uint8Array.from([0, 1, 2, 255]);
    const palette = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9]);

    expect([...toRgb({ data, width: 4, height: 1, channels: 1, mode: 'P', palette })]).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0,
    ]);
  });
});

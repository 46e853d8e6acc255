import { describe, expect, it } from 'vitest';
import type { DenseArray } from '#core';
import { pixelsFromArray } from './pixels-from-array.js';

const bytes = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
const row = (dtype: string, values: ArrayBufferView, width: number): DenseArray => ({
  buffer: bytes(values),
  dtype,
  shape: [1, width],
});
const invalid = expect.objectContaining({ code: 'tensor_invalid' });

describe('an array as an image', () => {
  it('keeps bytes as they are, without copying', async () => {
    const buffer = Uint8Array.from({ length: 24 }, (_, at) => at);
    const pixels = await pixelsFromArray({ buffer, dtype: '|u1', shape: [2, 4, 3] });

    expect(pixels).toEqual({ data: buffer, width: 4, height: 2, channels: 3 });
    expect(pixels.data).toBe(buffer);
  });

  it('takes floats from 0 to 1 as shares of 255', async () => {
    expect((await pixelsFromArray(row('<f4', Float32Array.of(0, 0.5, 1), 3))).data).toEqual(Uint8Array.of(0, 128, 255));
    expect((await pixelsFromArray(row('<f8', Float64Array.of(0, 0.25, 1), 3))).data).toEqual(Uint8Array.of(0, 64, 255));
  });

  it('reads half floats of either byte order', async () => {
    // 0, 1, 0.5 and 2^-24; then 0, 255, 1.5 and 127.9375.
    expect((await pixelsFromArray(row('<f2', Uint16Array.of(0, 0x3c00, 0x3800, 1), 4))).data).toEqual(
      Uint8Array.of(0, 255, 128, 0),
    );
    const swapped = Uint8Array.of(0, 0, 0x5b, 0xf8, 0x3e, 0, 0x57, 0xff);
    expect((await pixelsFromArray(row('>f2', swapped, 4))).data).toEqual(Uint8Array.of(0, 255, 1, 127));
  });

  it('takes other floats as values up to 255 and cuts the fraction off', async () => {
    expect((await pixelsFromArray(row('<f4', Float32Array.of(0, 1.9, 254.99), 3))).data).toEqual(
      Uint8Array.of(0, 1, 254),
    );
  });

  it.each([
    ['<i8', BigInt64Array.of(0n, 7n, 255n)],
    ['<u8', BigUint64Array.of(0n, 7n, 255n)],
    ['<i4', Int32Array.of(0, 7, 255)],
    ['=u4', Uint32Array.of(0, 7, 255)],
    ['<i2', Int16Array.of(0, 7, 255)],
    ['>u2', Uint8Array.of(0, 0, 0, 7, 0, 255)],
  ])('reads integers of type %s', async (dtype, values) => {
    expect((await pixelsFromArray(row(dtype, values, 3))).data).toEqual(Uint8Array.of(0, 7, 255));
  });

  it('does not scale integers, however small', async () => {
    expect((await pixelsFromArray(row('<i4', Int32Array.of(0, 1, 1), 3))).data).toEqual(Uint8Array.of(0, 1, 1));
  });

  it('shows booleans as black and white', async () => {
    expect((await pixelsFromArray(row('|b1', Uint8Array.of(0, 1, 1), 3))).data).toEqual(Uint8Array.of(0, 255, 255));
  });

  it('takes [height, width] as gray and drops leading axes of length 1', async () => {
    const buffer = new Uint8Array(12);

    expect(await pixelsFromArray({ buffer, dtype: '|u1', shape: [3, 4] })).toMatchObject({
      width: 4,
      height: 3,
      channels: 1,
    });
    expect(await pixelsFromArray({ buffer, dtype: '|u1', shape: [1, 2, 2, 3] })).toMatchObject({
      height: 2,
      channels: 3,
    });
  });

  it.each([
    ['a shape of one axis', { buffer: new Uint8Array(4), dtype: '|u1', shape: [4] }],
    ['channels first', { buffer: new Uint8Array(27 * 3), dtype: '|u1', shape: [3, 9, 9] }],
    ['two pictures', { buffer: new Uint8Array(24), dtype: '|u1', shape: [2, 2, 2, 3] }],
    ['no pixels', { buffer: new Uint8Array(), dtype: '|u1', shape: [0, 4, 3] }],
    ['too few values', { buffer: new Uint8Array(5), dtype: '|u1', shape: [2, 3] }],
    ['half a value', { buffer: new Uint8Array(5), dtype: '<f4', shape: [1, 1] }],
    ['an unknown type', { buffer: new Uint8Array(4), dtype: 'constructor', shape: [2, 2] }],
    ['a value above 255', row('<i4', Int32Array.of(256), 1)],
    ['a value below 0', row('<f4', Float32Array.of(-0.1), 1)],
    ['a value that is no number', row('<f4', Float32Array.of(NaN), 1)],
    ['a half float that is no number', row('<f2', Uint16Array.of(0x7e00), 1)],
    ['an infinite half float', row('<f2', Uint16Array.of(0x7c00), 1)],
    ['a half float below 0', row('<f2', Uint16Array.of(0xbc00), 1)],
  ])('is refused when it has %s', async (_, array) => {
    await expect(pixelsFromArray(array)).rejects.toThrow(invalid);
  });
});

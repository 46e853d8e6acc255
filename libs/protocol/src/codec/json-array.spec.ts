import { describe, expect, it } from 'vitest';
import { arrayToJson, readArray } from './json-array.js';

const dense = (value: unknown) => readArray(value, ['body']).dense;

describe('an array in JSON', () => {
  it('of zeros and ones is one of floats, as a mask is over the other protocols', () => {
    const mask = dense([[0, 1, 1]]);
    expect(mask).toMatchObject({ dtype: '<f8', shape: [1, 3] });
    expect(new Float64Array(mask?.buffer.slice().buffer ?? new ArrayBuffer())).toEqual(Float64Array.of(0, 1, 1));
    expect(arrayToJson(readArray([[0, 1, 1]], ['body']))).toBe('[[0.0,1.0,1.0]]');
  });

  it.each([
    ['of pixels', [0, 1, 2]],
    ['of zeros alone', [0, 0]],
  ])('%s is one of bytes', (_what, value) => {
    expect(dense(value)).toMatchObject({ dtype: '|u1', buffer: Uint8Array.from(value) });
  });
});

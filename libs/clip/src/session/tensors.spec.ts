import { Tensor } from './onnx-runtime.js';
import { describe, expect, it } from 'vitest';
import { embeddingsOf, halvesToFloats } from './tensors.js';

describe('reading embeddings from an ONNX answer', () => {
  it('drops the rows that only filled up a batch', () => {
    const output = new Tensor('float32', Float32Array.of(1, 2, 3, 4, 0, 0), [3, 2]);

    expect(embeddingsOf(output, 2, 2)).toEqual([Float32Array.of(1, 2), Float32Array.of(3, 4)]);
  });

  it('refuses vectors of another length than the model claims', () => {
    const output = new Tensor('float32', new Float32Array(6), [2, 3]);

    expect(() => embeddingsOf(output, 2, 512)).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });

  it('widens half precision exactly, special values included', () => {
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001, 0x0400, 0x7bff, 0x7c00, 0xfc00, 0x8000);

    expect([...halvesToFloats(halves)]).toEqual([
      1,
      -2,
      0.333251953125,
      2 ** -24,
      2 ** -14,
      65504,
      Infinity,
      -Infinity,
      -0,
    ]);
    expect(halvesToFloats(Uint16Array.of(0x7e00))[0]).toBeNaN();
  });
});

import { DomainError, type NdArray } from '#core';

const readers: Record<string, { size: number; read: (view: DataView, offset: number) => number }> = {
  '<f4': { size: 4, read: (view, offset) => view.getFloat32(offset, true) },
  '<f8': { size: 8, read: (view, offset) => view.getFloat64(offset, true) },
};

/**
 * The vector that a document brought along, for a ranking of what was encoded before. Throws `tensor_invalid` unless
 * it is `dimension` floats (`<f4` or `<f8`).
 */
export function givenVector({ dense }: NdArray, dimension: number): Float32Array {
  const reader = dense && readers[dense.dtype];
  if (!reader || dense.buffer.byteLength !== dimension * reader.size) {
    throw new DomainError(
      'tensor_invalid',
      `Its embedding is not the model's: send ${dimension} numbers as <f4 or <f8.`,
    );
  }
  const view = new DataView(dense.buffer.buffer, dense.buffer.byteOffset, dense.buffer.byteLength);
  return Float32Array.from({ length: dimension }, (_, at) => reader.read(view, at * reader.size));
}

import { DomainError, type NdArray } from '#core';

/** numpy's number types. They include integers, since a JSON list of whole numbers arrives as one of those. */
const readers: Record<string, { size: number; read: (view: DataView, offset: number) => number }> = {
  '<f4': { size: 4, read: (view, offset) => view.getFloat32(offset, true) },
  '<f8': { size: 8, read: (view, offset) => view.getFloat64(offset, true) },
  '|u1': { size: 1, read: (view, offset) => view.getUint8(offset) },
  '|i1': { size: 1, read: (view, offset) => view.getInt8(offset) },
  '<u2': { size: 2, read: (view, offset) => view.getUint16(offset, true) },
  '<i2': { size: 2, read: (view, offset) => view.getInt16(offset, true) },
  '<u4': { size: 4, read: (view, offset) => view.getUint32(offset, true) },
  '<i4': { size: 4, read: (view, offset) => view.getInt32(offset, true) },
  '<u8': { size: 8, read: (view, offset) => Number(view.getBigUint64(offset, true)) },
  '<i8': { size: 8, read: (view, offset) => Number(view.getBigInt64(offset, true)) },
};

/**
 * The vector that a document brought along, for a ranking of what was encoded before. Throws `tensor_invalid` unless
 * it is `dimension` numbers, all finite as float32: one NaN would spoil the scores of every other match.
 */
export function givenVector({ dense }: NdArray, dimension: number): Float32Array {
  const reader = dense && readers[dense.dtype];
  if (!reader || dense.buffer.byteLength !== dimension * reader.size) {
    throw new DomainError(
      'tensor_invalid',
      `Its embedding does not have the ${dimension} dimensions of the model. Send as many numbers, as <f4 or <f8 where the type can be chosen.`,
    );
  }
  const view = new DataView(dense.buffer.buffer, dense.buffer.byteOffset, dense.buffer.byteLength);
  const vector = Float32Array.from({ length: dimension }, (_, at) => reader.read(view, at * reader.size));
  if (vector.every(Number.isFinite)) return vector;
  throw new DomainError('tensor_invalid', 'Its embedding holds NaN or infinite numbers: encode the document again.');
}

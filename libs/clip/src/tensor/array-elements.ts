import { type DenseArray, DomainError } from '#core';

export type ElementKind = 'bool' | 'integer' | 'float';

interface ElementType {
  readonly kind: ElementKind;
  readonly bytes: number;
  readonly read: (view: DataView, at: number, little: boolean) => number;
}

/** numpy's type codes, without the byte order. 64-bit integers lose digits beyond 2^53, which no pixel has. */
const TYPES: Readonly<Record<string, ElementType>> = {
  b1: { kind: 'bool', bytes: 1, read: (view, at) => Math.min(1, view.getUint8(at)) },
  u1: { kind: 'integer', bytes: 1, read: (view, at) => view.getUint8(at) },
  i1: { kind: 'integer', bytes: 1, read: (view, at) => view.getInt8(at) },
  u2: { kind: 'integer', bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  i2: { kind: 'integer', bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  u4: { kind: 'integer', bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  i4: { kind: 'integer', bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  u8: { kind: 'integer', bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  i8: { kind: 'integer', bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  f2: { kind: 'float', bytes: 2, read: (view, at, little) => halfFloat(view.getUint16(at, little)) },
  f4: { kind: 'float', bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { kind: 'float', bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
};

/** The numbers of an array, which are read one by one from its buffer. */
export interface ArrayElements {
  readonly kind: ElementKind;
  readonly length: number;
  /** The number at a place, from 0. */
  at(place: number): number;
}

/**
 * Opens the numbers of a numpy array, in their order. Throws `tensor_invalid` for a dtype that is not a real number,
 * and for a buffer that ends in the middle of a value.
 *
 * @example
 * elementsOf({ buffer: Uint8Array.of(1, 0, 2, 0), dtype: '<u2', shape: [2] }).at(1); // 2
 */
export function elementsOf({ buffer, dtype }: DenseArray): ArrayElements {
  const type = TYPES[dtype.replace(/^[<>|=]/, '')];
  if (!type) throw tensorInvalid(`its dtype ${JSON.stringify(dtype.slice(0, 16))} is not a plain number type`);
  const { kind, bytes, read } = type;
  if (buffer.length % bytes !== 0) throw tensorInvalid('its buffer ends in the middle of a value');
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  const little = !dtype.startsWith('>');
  return { kind, length: buffer.length / bytes, at: (place) => read(view, place * bytes, little) };
}

/** Reads 16 bits as IEEE 754 binary16: a sign, 5 bits of exponent (bias 15) and 10 of fraction. */
export function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The error for any fault of an image array; `what` continues the sentence "The tensor is not an image:". */
export function tensorInvalid(what: string): DomainError {
  return new DomainError(
    'tensor_invalid',
    `The tensor is not an image: ${what}. Send an array of shape [height, width, 3] with uint8 values from 0 to 255.`,
  );
}

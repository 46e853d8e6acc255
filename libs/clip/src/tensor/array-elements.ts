import type { DenseArray } from '#core';
import { tensorInvalid } from './tensor-invalid.js';
import { halfFloat } from './half-float.js';

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

/** The numbers of an array, read one by one where they lie. */
export interface ArrayElements {
  readonly kind: ElementKind;
  readonly length: number;
  /** The number at a place, from 0. */
  at(place: number): number;
}

/**
 * The numbers of a numpy array, in order. Throws `tensor_invalid` on a type that is no number (or a complex one) and on bytes
 * that are no whole number of elements.
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

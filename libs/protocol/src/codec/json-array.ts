import { DomainError, type DenseArray, type NdArray } from '#core';
import type { Loc } from './json-fields.js';
import { RequestShapeError } from './request-shape-error.js';
import { AXES_MAX } from './codec-limits.js';

/** Elements of the arrays that JSON can bring and the services make, plus numpy's other plain types. */
const elementReaders: Record<string, { size: number; read: (view: DataView, offset: number) => number }> = {
  b1: { size: 1, read: (view, offset) => view.getUint8(offset) },
  u1: { size: 1, read: (view, offset) => view.getUint8(offset) },
  i1: { size: 1, read: (view, offset) => view.getInt8(offset) },
  u2: { size: 2, read: (view, offset) => view.getUint16(offset, true) },
  i2: { size: 2, read: (view, offset) => view.getInt16(offset, true) },
  u4: { size: 4, read: (view, offset) => view.getUint32(offset, true) },
  i4: { size: 4, read: (view, offset) => view.getInt32(offset, true) },
  u8: { size: 8, read: (view, offset) => Number(view.getBigUint64(offset, true)) },
  i8: { size: 8, read: (view, offset) => Number(view.getBigInt64(offset, true)) },
  f4: { size: 4, read: (view, offset) => view.getFloat32(offset, true) },
  f8: { size: 8, read: (view, offset) => view.getFloat64(offset, true) },
};

/**
 * Nested number lists as an array, as `numpy.array` would read them, but for two things: whole numbers of 0…255 become
 * `|u1`, the form of pixels, where numpy takes `<i8`; and nothing but zeros and ones is `<f8`, since JSON in JavaScript does not tell `1.0`
 * from `1` and a mask of floats is more likely than a picture in two shades of black. Other whole numbers are `<i8`, everything
 * else `<f8`. Lists of unequal lengths are refused.
 */
export function readArray(value: unknown, loc: Loc): NdArray {
  const shape: number[] = [];
  const numbers: number[] = [];
  collect(value, 0, { shape, numbers, loc });
  return { dense: pack(numbers, shape), className: 'numpy' };
}

interface Collected {
  shape: number[];
  numbers: number[];
  loc: Loc;
}

/** The first way down sets the shape; the numbers grow with what is really there, never with what a shape claims. */
function collect(value: unknown, depth: number, into: Collected): void {
  const isLeaf = into.numbers.length > 0 ? depth === into.shape.length : !Array.isArray(value);
  if (isLeaf) {
    if (typeof value !== 'number' || depth !== into.shape.length) throw notAnArray(into.loc);
    into.numbers.push(value);
    return;
  }
  if (!Array.isArray(value) || depth >= AXES_MAX) throw notAnArray(into.loc);
  const expected = (into.shape[depth] ??= value.length);
  if (value.length !== expected) throw notAnArray(into.loc);
  for (const item of value) collect(item, depth + 1, into);
}

function notAnArray(loc: Loc): RequestShapeError {
  const msg = 'value is not a list of numbers, nor lists of equal length of them';
  return new RequestShapeError({ loc, msg, type: 'type_error.array' });
}

function pack(numbers: readonly number[], shape: number[]): DenseArray {
  const isWhole = numbers.every((value) => Number.isSafeInteger(value) && !Object.is(value, -0));
  const isMask = numbers.includes(1) && numbers.every((value) => value === 0 || value === 1);
  if (!isWhole || isMask) return { buffer: bytesOf(Float64Array.from(numbers)), dtype: '<f8', shape };
  const isByte = numbers.every((value) => value >= 0 && value <= 255);
  if (isByte) return { buffer: Uint8Array.from(numbers), dtype: '|u1', shape };
  return { buffer: bytesOf(BigInt64Array.from(numbers, BigInt)), dtype: '<i8', shape };
}

function bytesOf(array: Float64Array | BigInt64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/**
 * An array as nested lists in JSON text. A float always shows that it is one (`1.0`), else Python would make an
 * integer array of it; NaN and infinities, which JSON lacks, are null. A sparse array is null. Throws `tensor_invalid`
 * for an element type that is not in the table above, or a buffer too short for its shape.
 */
export function arrayToJson({ dense }: NdArray): string {
  if (!dense) return 'null';
  const kind = dense.dtype.replace(/^[<|=]/, '');
  const element = elementReaders[kind];
  const count = dense.shape.reduce((product, length) => product * length, 1);
  if (!element || count * element.size > dense.buffer.byteLength) {
    throw new DomainError('tensor_invalid', `An array of dtype ${dense.dtype} and this size cannot be shown as JSON.`);
  }
  const view = new DataView(dense.buffer.buffer, dense.buffer.byteOffset, dense.buffer.byteLength);
  const row = (start: number, length: number): string => {
    const numbers: number[] = [];
    for (let at = start; at < start + length; at += 1) numbers.push(element.read(view, at * element.size));
    return rowToJson(numbers, kind.startsWith('f'));
  };
  return nest(dense.shape, 0, 0, row);
}

type RowWriter = (start: number, length: number) => string;

function nest(shape: readonly number[], axis: number, start: number, row: RowWriter): string {
  const length = shape[axis];
  if (length === undefined) return row(start, 1).slice(1, -1);
  if (axis === shape.length - 1) return row(start, length);
  const stride = shape.slice(axis + 1).reduce((product, next) => product * next, 1);
  return `[${Array.from({ length }, (_, at) => nest(shape, axis + 1, start + at * stride, row)).join(',')}]`;
}

/** `JSON.stringify` is thrice as fast as joining texts, and right for all floats but whole ones. */
function rowToJson(numbers: readonly number[], isFloat: boolean): string {
  if (!isFloat || !numbers.some(Number.isInteger)) return JSON.stringify(numbers);
  return `[${numbers.map(floatToJson).join(',')}]`;
}

/** A number as Python writes a float: whole ones with `.0`; what JSON cannot say as null. */
export function floatToJson(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text;
}

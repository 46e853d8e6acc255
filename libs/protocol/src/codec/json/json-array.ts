import { DomainError, type NdArray } from '#core';

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

/** So many numbers are written at once: 16 KiB or so of text. */
const NUMBERS_PER_PIECE = 1024;

/**
 * An array as nested lists in JSON text, in pieces. A float always shows that it is one (`1.0`), else Python would make
 * an integer array of it; NaN and infinities, which JSON lacks, are null. A sparse array is null. Throws
 * `tensor_invalid`, with the first piece, for an element type that is not in the table above, or a buffer too short for
 * its shape.
 */
export function* arrayToJson({ dense }: NdArray): Generator<string, void> {
  if (!dense) return yield 'null';
  const kind = dense.dtype.replace(/^[<|=]/, '');
  const element = elementReaders[kind];
  const count = dense.shape.reduce((product, length) => product * length, 1);
  if (!element || count * element.size > dense.buffer.byteLength) {
    throw new DomainError('tensor_invalid', `An array of dtype ${dense.dtype} and this size cannot be shown as JSON.`);
  }
  const { buffer: bytes, byteOffset, byteLength } = dense.buffer;
  const view = new DataView(bytes, byteOffset, byteLength);
  // The vectors of this service; nothing else is written so often.
  const floats = kind === 'f4' && byteOffset % 4 === 0 ? new Float32Array(bytes, byteOffset, count) : undefined;
  const row = (start: number, length: number): string => {
    if (floats) return numbersToJson(Array.from(floats.subarray(start, start + length)), true);
    const numbers: number[] = [];
    for (let at = start; at < start + length; at += 1) numbers.push(element.read(view, at * element.size));
    return numbersToJson(numbers, kind.startsWith('f'));
  };
  yield* nest(dense.shape, 0, 0, row);
}

/** Writes elements with commas between them. */
type RowWriter = (start: number, length: number) => string;

function* nest(shape: readonly number[], axis: number, start: number, row: RowWriter): Generator<string, void> {
  const length = shape[axis];
  if (length === undefined) return yield row(start, 1);
  const stride = shape.slice(axis + 1).reduce((product, next) => product * next, 1);
  if (length * stride <= NUMBERS_PER_PIECE) return yield nested(shape, axis, start, row);
  yield '[';
  if (axis === shape.length - 1) {
    for (let at = 0; at < length; at += NUMBERS_PER_PIECE) {
      yield (at === 0 ? '' : ',') + row(start + at, Math.min(NUMBERS_PER_PIECE, length - at));
    }
  } else if (stride < NUMBERS_PER_PIECE) {
    const rowsPerPiece = Math.floor(NUMBERS_PER_PIECE / Math.max(1, stride));
    for (let at = 0; at < length; at += rowsPerPiece) {
      const rows = [Math.min(rowsPerPiece, length - at), ...shape.slice(axis + 1)];
      yield (at === 0 ? '' : ',') + nested(rows, 0, start + at * stride, row).slice(1, -1);
    }
  } else {
    for (let at = 0; at < length; at += 1) {
      if (at > 0) yield ',';
      yield* nest(shape, axis + 1, start + at * stride, row);
    }
  }
  yield ']';
}

/** A small part of an array, at once. */
function nested(shape: readonly number[], axis: number, start: number, row: RowWriter): string {
  const length = shape[axis] ?? 0;
  if (axis === shape.length - 1) return `[${row(start, length)}]`;
  const stride = shape.slice(axis + 1).reduce((product, next) => product * next, 1);
  return `[${Array.from({ length }, (_, at) => nested(shape, axis + 1, start + at * stride, row)).join(',')}]`;
}

/** `JSON.stringify` is thrice as fast as joining texts, and right for all floats but whole ones. */
function numbersToJson(numbers: readonly number[], isFloat: boolean): string {
  if (!isFloat || !numbers.some(Number.isInteger)) return JSON.stringify(numbers).slice(1, -1);
  return numbers.map(floatToJson).join(',');
}

/** A number as Python writes a float: whole ones with `.0`; what JSON cannot say as null. */
export function floatToJson(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text;
}

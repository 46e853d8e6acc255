import type { DenseArray, NdArray } from '#core';
import { AXES_MAX } from '../codec-limits.js';
import { skipStruct, UnknownFields } from './carried-fields.js';
import { encodeStruct } from './proto-struct.js';
import { fieldTag, WireType, type WireReader } from './wire-reader.js';
import type { WireWriter } from './wire-writer.js';

const first = fieldTag(1, WireType.bytes);
const second = fieldTag(2, WireType.bytes);
const third = fieldTag(3, WireType.bytes);
const fourth = fieldTag(4, WireType.bytes);
const secondUnpacked = fieldTag(2, WireType.varint);
const thirdUnpacked = fieldTag(3, WireType.varint);

type SparseArray = NonNullable<NdArray['sparse']>;

/** `docarray.NdArrayProto`. The buffers are views of the message; its `parameters` are carried as they came. */
export function decodeNdArray(reader: WireReader): NdArray {
  const array: NdArray = {};
  const unknown = new UnknownFields();
  while (!reader.done) {
    const start = reader.offset;
    const tag = reader.tag();
    if (tag === first) {
      array.dense = decodeDense(reader.message('dense'));
      delete array.sparse;
    } else if (tag === second) {
      array.sparse = decodeSparse(reader.message('sparse'));
      delete array.dense;
    } else if (tag === third) array.className = reader.string('cls_name');
    else if (tag === fourth) {
      skipStruct(reader.message('parameters'));
      unknown.add(reader, start);
    } else unknown.keep(reader, tag, start);
  }
  const rest = unknown.bytes();
  if (rest) array.unknown = rest;
  return array;
}

function decodeDense(reader: WireReader): DenseArray {
  const dense: DenseArray = { buffer: Buffer.alloc(0), dtype: '', shape: [] };
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === first) dense.buffer = reader.bytes();
    else if (tag === second) decodeShape(reader.message('shape'), dense.shape);
    else if (tag === secondUnpacked) pushAxis(dense.shape, reader);
    else if (tag === third) dense.dtype = reader.string('dtype');
    else reader.skip(tag);
  }
  return dense;
}

function decodeSparse(reader: WireReader): SparseArray {
  const sparse: SparseArray = { shape: [] };
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === first) sparse.indices = decodeDense(reader.message('indices'));
    else if (tag === second) sparse.values = decodeDense(reader.message('values'));
    else if (tag === third) decodeShape(reader.message('shape'), sparse.shape);
    else if (tag === thirdUnpacked) pushAxis(sparse.shape, reader);
    else reader.skip(tag);
  }
  return sparse;
}

function decodeShape(reader: WireReader, into: number[]): void {
  while (!reader.done) pushAxis(into, reader);
}

function pushAxis(shape: number[], reader: WireReader): void {
  if (shape.length >= AXES_MAX) throw reader.undecodable(`an array has more than ${AXES_MAX} axes`);
  shape.push(reader.varint());
}

/** Writes the content of a `docarray.NdArrayProto`. */
export function encodeNdArray(writer: WireWriter, array: NdArray): void {
  const { dense, sparse, className, parameters, unknown } = array;
  if (dense) writer.message(1, () => encodeDense(writer, dense));
  else if (sparse) writer.message(2, () => encodeSparse(writer, sparse));
  if (className) writer.string(3, className);
  if (parameters) writer.message(4, () => encodeStruct(writer, parameters));
  if (unknown) writer.raw(unknown);
}

function encodeDense(writer: WireWriter, dense: DenseArray): void {
  if (dense.buffer.length > 0) writer.bytes(1, dense.buffer);
  if (dense.shape.length > 0) writer.packedUint32(2, dense.shape);
  if (dense.dtype) writer.string(3, dense.dtype);
}

function encodeSparse(writer: WireWriter, sparse: SparseArray): void {
  const { indices, values, shape } = sparse;
  if (indices) writer.message(1, () => encodeDense(writer, indices));
  if (values) writer.message(2, () => encodeDense(writer, values));
  if (shape.length > 0) writer.packedUint32(3, shape);
}

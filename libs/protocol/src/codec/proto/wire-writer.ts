import { fieldTag, WireType } from './wire-reader.js';

const initialBytes = 1024;

/** Largest piece that grows; from this size on a new piece begins. */
const PIECE_BYTES = 256 * 1024;

/** Bytes that are encoded already become a piece of their own from this size on, without a copy. */
const OWN_PIECE_BYTES = 64 * 1024;

/**
 * Writes protobuf fields one after the other. Besides what protobufjs's writer does it can append raw bytes, which is
 * how unknown fields are sent again. What is long is kept in pieces until `finish`, so that neither growing nor the
 * length of a message that is written behind its content moves more than one of them: a picture in a hundred chunks
 * within each other would be moved a hundred times.
 *
 * @example
 * const writer = new WireWriter();
 * writer.string(1, 'a');
 * writer.message(3, () => writer.float(1, 0.5));
 * const bytes = writer.finish();
 */
export class WireWriter {
  private readonly pieces: Buffer[] = [];
  /** Bytes of `pieces`. */
  private before = 0;
  /** The piece that is being written. */
  private buffer: Buffer;
  private length = 0;

  /** `expectedBytes` is only a hint that saves growing. */
  constructor(expectedBytes = initialBytes) {
    this.buffer = Buffer.allocUnsafe(Math.min(expectedBytes, PIECE_BYTES));
  }

  /** What was written so far, in order; a message of up to 256 KiB without something long in it is one piece. */
  finishPieces(): Buffer[] {
    return [...this.pieces, this.buffer.subarray(0, this.length)];
  }

  /** The same as one buffer; a long message is copied together, so once is enough. */
  finish(): Buffer {
    const [first = Buffer.alloc(0), ...others] = this.finishPieces();
    return others.length === 0 ? first : Buffer.concat([first, ...others], this.before + this.length);
  }

  /** Any safe non-negative integer: uint32, bool, enum, and int64 as far as time needs it. */
  integer(field: number, value: number): void {
    this.varint(fieldTag(field, WireType.varint));
    this.varint(value);
  }

  float(field: number, value: number): void {
    this.varint(fieldTag(field, WireType.fixed32));
    this.reserve(4);
    this.length = this.buffer.writeFloatLE(value, this.length);
  }

  double(field: number, value: number): void {
    this.varint(fieldTag(field, WireType.fixed64));
    this.reserve(8);
    this.length = this.buffer.writeDoubleLE(value, this.length);
  }

  string(field: number, value: string): void {
    const size = Buffer.byteLength(value);
    this.varint(fieldTag(field, WireType.bytes));
    this.varint(size);
    if (size >= OWN_PIECE_BYTES) return this.raw(Buffer.from(value));
    this.reserve(size);
    this.length += this.buffer.write(value, this.length);
  }

  bytes(field: number, value: Uint8Array): void {
    this.varint(fieldTag(field, WireType.bytes));
    this.varint(value.length);
    this.raw(value);
  }

  /** Packed, the default of proto3 for repeated numbers. */
  packedUint32(field: number, values: readonly number[]): void {
    this.message(field, () => values.forEach((value) => this.varint(value)));
  }

  packedFloat(field: number, values: readonly number[]): void {
    this.varint(fieldTag(field, WireType.bytes));
    this.varint(values.length * 4);
    this.reserve(values.length * 4);
    for (const value of values) this.length = this.buffer.writeFloatLE(value, this.length);
  }

  /** Fields that are encoded already. They must not change until `finish`. */
  raw(value: Uint8Array): void {
    if (value.length >= OWN_PIECE_BYTES) {
      this.closePiece(initialBytes);
      this.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
      return;
    }
    this.reserve(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
  }

  /** A message field whose content `body` writes. */
  message(field: number, body: () => void): void {
    const start = this.begin(field);
    body();
    this.end(start);
  }

  /** Begins a message field; what is written until `end` is its content. Returns where it begins. */
  begin(field: number): number {
    this.varint(fieldTag(field, WireType.bytes));
    this.reserve(1);
    this.length += 1;
    return this.before + this.length;
  }

  /**
   * Ends the message that began at `start`. One byte was kept for its length; a longer length moves the content as far
   * as it is in the last piece, which costs less than measuring every message first.
   */
  end(start: number): void {
    const size = this.before + this.length - start;
    const extra = varintSize(size) - 1;
    const at = start - 1 - this.before;
    if (at < 0 || this.length + extra > this.buffer.length) return this.insertLength(start - 1, size);
    if (extra > 0) this.buffer.copyWithin(at + 1 + extra, at + 1, this.length);
    this.length = at;
    this.putVarint(size);
    this.length += size;
  }

  /**
   * Puts a length in the place of the byte at `at`: of its piece, the parts before and behind become pieces of their
   * own.
   */
  private insertLength(at: number, size: number): void {
    this.closePiece(initialBytes);
    let index = this.pieces.length;
    let begin = this.before;
    let piece: Buffer = Buffer.alloc(0);
    while (begin > at) {
      piece = this.pieces[--index] ?? piece;
      begin -= piece.length;
    }
    const length = new WireWriter(8);
    length.varint(size);
    this.pieces.splice(index, 1, piece.subarray(0, at - begin), length.finish(), piece.subarray(at - begin + 1));
    this.before += length.length - 1;
  }

  private varint(value: number): void {
    this.reserve(8);
    this.putVarint(value);
  }

  private putVarint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.buffer[this.length] = (rest % 0x80) | 0x80;
      this.length += 1;
      rest = Math.floor(rest / 0x80);
    }
    this.buffer[this.length] = rest;
    this.length += 1;
  }

  private reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.buffer.length) return;
    if (needed > PIECE_BYTES) return this.closePiece(Math.max(bytes, this.length > 0 ? PIECE_BYTES : 0));
    const grown = Buffer.allocUnsafe(Math.min(PIECE_BYTES, Math.max(needed, this.buffer.length * 2)));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }

  /** Begins another piece, with room for `bytes` at first. */
  private closePiece(bytes: number): void {
    if (this.length > 0) this.push(this.buffer.subarray(0, this.length));
    this.buffer = Buffer.allocUnsafe(bytes);
    this.length = 0;
  }

  private push(piece: Buffer): void {
    this.pieces.push(piece);
    this.before += piece.length;
  }
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}

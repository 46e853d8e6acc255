import { fieldTag, WireType } from './wire-reader.js';

const initialBytes = 1024;

/**
 * Writes protobuf fields one after the other into one growing buffer. Besides what protobufjs's writer does it can
 * append raw bytes, which is how unknown fields are sent again.
 */
export class WireWriter {
  private buffer: Buffer;
  private length = 0;

  /** `expectedBytes` is only a hint that saves growing. */
  constructor(expectedBytes = initialBytes) {
    this.buffer = Buffer.allocUnsafe(expectedBytes);
  }

  /** What was written so far, as a view. */
  finish(): Buffer {
    return this.buffer.subarray(0, this.length);
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

  /** Fields that are encoded already. */
  raw(value: Uint8Array): void {
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

  /** Begins a message field; what is written until `end` is its content. Answers where it begins. */
  begin(field: number): number {
    this.varint(fieldTag(field, WireType.bytes));
    this.reserve(1);
    this.length += 1;
    return this.length;
  }

  /**
   * Ends the message that began at `start`. One byte was kept for its length; a longer length moves the content, which costs
   * less than measuring every message first.
   */
  end(start: number): void {
    const size = this.length - start;
    const extra = varintSize(size) - 1;
    if (extra > 0) {
      this.reserve(extra);
      this.buffer.copyWithin(start + extra, start, this.length);
    }
    this.length = start - 1;
    this.varint(size);
    this.length += size;
  }

  private varint(value: number): void {
    this.reserve(8);
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
    const grown = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}

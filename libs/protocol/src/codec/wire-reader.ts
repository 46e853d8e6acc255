import { isUtf8 } from 'node:buffer';
import { DomainError } from '#core';
import { NESTING_MAX } from './codec-limits.js';

/** How a protobuf field's payload is laid out (the low three bits of its tag). */
export const WireType = { varint: 0, fixed64: 1, bytes: 2, groupStart: 3, groupEnd: 4, fixed32: 5 } as const;

/** The tag of a field: what a decoder's `switch` compares, so that a field of a wrong wire type counts as unknown. */
export function fieldTag(field: number, wireType: number): number {
  return ((field << 3) | wireType) >>> 0;
}

/** The refusal of bytes that are no protobuf message of ours. */
export function undecodable(reason: string): DomainError {
  return new DomainError('invalid_argument', `The message cannot be decoded: ${reason}. Send jina.DataRequestProto.`);
}

/**
 * Reads one protobuf message out of a buffer without copying. Every read is checked against the end of *its own*
 * message and throws `invalid_argument`; protobufjs's reader checks only the end of the buffer and cuts strings
 * silently there.
 */
export class WireReader {
  private constructor(
    private readonly buffer: Buffer,
    private position: number,
    private readonly end: number,
  ) {}

  static of(bytes: Uint8Array): WireReader {
    const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new WireReader(buffer, 0, buffer.length);
  }

  /** Where the next byte lies; marks the begin of a field for `since`. */
  get offset(): number {
    return this.position;
  }

  get done(): boolean {
    return this.position >= this.end;
  }

  /** The next field's tag. */
  tag(): number {
    const tag = this.varint();
    if (tag >>> 3 === 0) throw undecodable('it holds a field with the number 0');
    return tag;
  }

  /** The low 32 bits of a varint, unsigned; what uint32, bool, enum and lengths need. */
  varint(): number {
    let value = 0;
    for (let index = 0; index < 10; index += 1) {
      const byte = this.byte();
      if (index < 5) value |= (byte & 0x7f) << (index * 7);
      if (byte < 0x80) return value >>> 0;
    }
    throw undecodable('it holds a number of more than ten bytes');
  }

  float(): number {
    return this.buffer.readFloatLE(this.take(4));
  }

  double(): number {
    return this.buffer.readDoubleLE(this.take(8));
  }

  /** A view of the bytes, not a copy. */
  bytes(): Buffer {
    const length = this.varint();
    const start = this.take(length);
    return this.buffer.subarray(start, start + length);
  }

  string(): string {
    const length = this.varint();
    const start = this.take(length);
    const text = this.buffer.toString('utf8', start, start + length);
    if (text.includes('\uFFFD') && !isUtf8(this.buffer.subarray(start, start + length))) {
      throw undecodable('it holds a string that is not UTF-8');
    }
    return text;
  }

  /** A reader of the message that comes next. */
  message(): WireReader {
    const length = this.varint();
    const start = this.take(length);
    return new WireReader(this.buffer, start, start + length);
  }

  /** Steps over the payload of a field that the caller does not know. */
  skip(tag: number, depth = 0): void {
    if (depth > NESTING_MAX) throw undecodable('it is nested too deep');
    switch (tag & 7) {
      case WireType.varint:
        while (this.byte() >= 0x80);
        return;
      case WireType.fixed64:
        this.take(8);
        return;
      case WireType.bytes:
        this.take(this.varint());
        return;
      case WireType.fixed32:
        this.take(4);
        return;
      case WireType.groupStart:
        return this.skipGroup(tag >>> 3, depth);
      default:
        throw undecodable('it holds a field of an unknown wire type');
    }
  }

  /** The bytes from `offset` up to here, as a view. */
  since(offset: number): Buffer {
    return this.buffer.subarray(offset, this.position);
  }

  private skipGroup(field: number, depth: number): void {
    for (;;) {
      const tag = this.tag();
      if ((tag & 7) !== WireType.groupEnd) this.skip(tag, depth + 1);
      else if (tag >>> 3 === field) return;
      else throw undecodable('it holds a group that ends wrongly');
    }
  }

  private byte(): number {
    return this.buffer[this.take(1)] ?? 0;
  }

  private take(length: number): number {
    const start = this.position;
    if (length > this.end - start) throw undecodable('it ends inside a field');
    this.position = start + length;
    return start;
  }
}

import { isAscii, isUtf8 } from 'node:buffer';
import { DomainError, turns } from '#core';
import { FIELDS_MAX, NESTING_MAX, TEXT_BYTES_MAX } from '../codec-limits.js';
import { firstInvalidByte } from '../utf8.js';

/** How a protobuf field's payload is laid out (the low three bits of its tag). */
export const WireType = { varint: 0, fixed64: 1, bytes: 2, groupStart: 3, groupEnd: 4, fixed32: 5 } as const;

/** The tag of a field: what a decoder's `switch` compares, so that a field of a wrong wire type counts as unknown. */
export function fieldTag(field: number, wireType: number): number {
  return ((field << 3) | wireType) >>> 0;
}

/** The whole message that a reader and the readers of its parts belong to. */
interface Whole {
  /** Full name of its type, for errors. */
  readonly type: string;
  fieldsRead: number;
  /** After how many fields, or behind which byte, the clock is looked at again. */
  fieldsAtNextLook: number;
  offsetAtNextLook: number;
}

/** Most fields of a message, or of a part of one with all that is in it. */
interface FieldBound {
  readonly fieldsMax: number;
  /** The count of all fields that were read at which it is reached. */
  readonly reachedAt: number;
  /** The part; the whole message when undefined. */
  readonly place: Place | undefined;
}

/** So many fields are read between two looks at the clock, which costs as much as a few of them. */
const FIELDS_A_LOOK = 500;
/** Or so many bytes, where fields are long. */
const BYTES_A_LOOK = 1024 * 1024;

/** So much of an address says of which kind it is. */
const ADDRESS_HEAD_BYTES = 64;

/** Where a part of a message lies, told only in errors. */
interface Place {
  readonly within: Place | undefined;
  readonly name: string;
  readonly index: number | undefined;
}

/**
 * Reads one protobuf message out of a buffer without copying. Every read is checked against the end of *its own*
 * message and throws `invalid_argument`; protobufjs's reader checks only the end of the buffer and cuts strings
 * silently there. The fields of the whole message are counted, those that nobody knows too: beyond `fieldsMax` it is
 * `request_too_large`, whatever its bytes; so is a text of more than TEXT_BYTES_MAX.
 *
 * @example
 * const reader = WireReader.of(message, 'clip.v1.EncodeRequest');
 * while (!reader.done) {
 *   const tag = reader.tag();
 *   if (tag === fieldTag(1, WireType.bytes)) id = reader.string('id');
 *   else reader.skip(tag);
 * }
 */
export class WireReader {
  private constructor(
    private readonly buffer: Buffer,
    private position: number,
    private readonly end: number,
    private readonly whole: Whole,
    private readonly bound: FieldBound,
    private readonly place?: Place,
  ) {}

  /** A reader of a whole message of `type`, e.g. `jina.DataRequestProto`. */
  static of(bytes: Uint8Array, type: string, fieldsMax = FIELDS_MAX): WireReader {
    const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const whole = { type, fieldsRead: 0, fieldsAtNextLook: FIELDS_A_LOOK, offsetAtNextLook: BYTES_A_LOOK };
    return new WireReader(buffer, 0, buffer.length, whole, { fieldsMax, reachedAt: fieldsMax, place: undefined });
  }

  /** Where the next byte lies; marks the begin of a field for `between`. */
  get offset(): number {
    return this.position;
  }

  /** How many bytes are left. */
  get byteLength(): number {
    return this.end - this.position;
  }

  get done(): boolean {
    return this.position >= this.end;
  }

  /** Whether the event loop is to be left, by `await turns.next()`, before further fields are read. */
  get isTurnOver(): boolean {
    const { whole, position } = this;
    if (whole.fieldsRead < whole.fieldsAtNextLook && position < whole.offsetAtNextLook) return false;
    whole.fieldsAtNextLook = whole.fieldsRead + FIELDS_A_LOOK;
    whole.offsetAtNextLook = position + BYTES_A_LOOK;
    return turns.isOver;
  }

  /** The byte that comes next, unread; undefined at the end. */
  get nextByte(): number | undefined {
    return this.done ? undefined : this.buffer[this.position];
  }

  /** Another reader of what is left. */
  fromHere(): WireReader {
    this.whole.offsetAtNextLook = this.position;
    return new WireReader(this.buffer, this.position, this.end, this.whole, this.bound, this.place);
  }

  /** The next field's tag. */
  tag(): number {
    if (++this.whole.fieldsRead > this.bound.reachedAt) throw this.tooManyFields();
    const tag = this.varint();
    if (tag >>> 3 === 0) throw this.undecodable('it holds a field with the number 0');
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
    throw this.undecodable('it holds a number of more than ten bytes');
  }

  float(): number {
    return this.buffer.readFloatLE(this.advance(4));
  }

  double(): number {
    return this.buffer.readDoubleLE(this.advance(8));
  }

  /** A view of the bytes, not a copy. */
  bytes(): Buffer {
    const length = this.varint();
    const start = this.advance(length);
    return this.buffer.subarray(start, start + length);
  }

  /** The text of the field `name`. Refuses what is not UTF-8, as protobuf's own parsers do, and says which byte. */
  string(name: string): string {
    const length = this.varint();
    const start = this.advance(length);
    if (length > TEXT_BYTES_MAX) throw this.tooLong(name);
    const text = this.buffer.toString('utf8', start, start + length);
    if (text.includes('\uFFFD')) this.checkText(name, start, start + length);
    return text;
  }

  /** The address in the field `name`. One that holds a whole picture (`data:`) may be as long as the message. */
  address(name: string): string {
    const start = this.position;
    const bytes = this.bytes();
    const isLong = bytes.length > TEXT_BYTES_MAX;
    const isData = isLong && /^\s*data:/i.test(bytes.toString('latin1', 0, ADDRESS_HEAD_BYTES));
    if (isData && isAscii(bytes)) return bytes.toString('latin1');
    this.position = start;
    return this.string(name);
  }

  /** Steps over the text of the field `name`, checked as `string` does. */
  skipString(name: string): void {
    const length = this.varint();
    const start = this.advance(length);
    this.checkText(name, start, start + length);
  }

  /** A reader of the message that comes next: the field `name`, of a repeated one number `index`. */
  message(name: string, index?: number): WireReader {
    return this.part({ within: this.place, name, index }, this.bound);
  }

  /**
   * As `message`, for a part that is read in one go and so has at most `fieldsMax` fields, all that is in it included.
   */
  boundMessage(name: string, fieldsMax: number): WireReader {
    const place = { within: this.place, name, index: undefined };
    const reachedAt = this.whole.fieldsRead + fieldsMax;
    return this.part(place, reachedAt < this.bound.reachedAt ? { fieldsMax, reachedAt, place } : this.bound);
  }

  private part(place: Place, bound: FieldBound): WireReader {
    const length = this.varint();
    const start = this.advance(length);
    return new WireReader(this.buffer, start, start + length, this.whole, bound, place);
  }

  /** Steps over the payload of a field that the caller does not know. */
  skip(tag: number, depth = 0): void {
    if (depth > NESTING_MAX) throw this.undecodable('it is nested too deep');
    switch (tag & 7) {
      case WireType.varint:
        this.varint();
        return;
      case WireType.fixed64:
        this.advance(8);
        return;
      case WireType.bytes:
        this.advance(this.varint());
        return;
      case WireType.fixed32:
        this.advance(4);
        return;
      case WireType.groupStart:
        return this.skipGroup(tag >>> 3, depth);
      default:
        throw this.undecodable('it holds a field of an unknown wire type');
    }
  }

  /** The bytes of the message from one offset up to another, as a view. */
  between(start: number, end: number): Buffer {
    return this.buffer.subarray(start, end);
  }

  /** The refusal of bytes that are no message of this type. */
  undecodable(reason: string): DomainError {
    const where = this.place ? ` (in ${pathOf(this.place)})` : '';
    const text = `The message cannot be decoded: ${reason}${where}. Send ${this.whole.type}.`;
    return new DomainError('invalid_argument', text);
  }

  private tooManyFields(): DomainError {
    const { fieldsMax, place } = this.bound;
    const what = place ? pathOf(place) : 'The message';
    return new DomainError('request_too_large', `${what} has more than ${fieldsMax} fields. Send less in one request.`);
  }

  private tooLong(name: string): DomainError {
    const field = pathOf({ within: this.place, name, index: undefined });
    return new DomainError('request_too_large', `${field} is a text of more than ${TEXT_BYTES_MAX} bytes. Shorten it.`);
  }

  private checkText(name: string, start: number, end: number): void {
    const bytes = this.buffer.subarray(start, end);
    if (isUtf8(bytes)) return;
    const at = firstInvalidByte(bytes);
    const field = pathOf({ within: this.place, name, index: undefined });
    const text = `${field} is not valid UTF-8: its byte ${at} (byte ${start + at} of the message) begins no character. Send text as UTF-8.`;
    throw new DomainError('invalid_argument', text);
  }

  private skipGroup(field: number, depth: number): void {
    for (;;) {
      const tag = this.tag();
      if ((tag & 7) !== WireType.groupEnd) this.skip(tag, depth + 1);
      else if (tag >>> 3 === field) return;
      else throw this.undecodable('it holds a group that ends wrongly');
    }
  }

  private byte(): number {
    return this.buffer[this.advance(1)] ?? 0;
  }

  private advance(length: number): number {
    const start = this.position;
    if (length > this.end - start) throw this.undecodable('it ends inside a field');
    this.position = start + length;
    return start;
  }
}

/** `data.docs.docs[3].text` */
function pathOf({ within, name, index }: Place): string {
  const own = index === undefined ? name : `${name}[${index}]`;
  return within ? `${pathOf(within)}.${own}` : own;
}

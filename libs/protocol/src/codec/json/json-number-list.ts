import { type DenseArray, type NdArray, turns } from '#core';
import { AXES_MAX } from '../codec-limits.js';
import { COMMA, isBlank, LIST_CLOSE, LIST_OPEN, startsNumber } from './json-scan.js';
import type { JsonCursor } from './json-cursor.js';
import { type Loc, RequestShapeError } from './json-fields.js';

/**
 * The nested number lists that come next, as an array, as `numpy.array` would read them, but for two things: whole
 * numbers of 0…255 become `|u1`, the form of pixels, where numpy takes `<i8`; and nothing but zeros and ones is `<f8`,
 * since JSON in JavaScript does not tell `1.0` from `1` and a mask of floats is more likely than a picture in two
 * shades of black. Other whole numbers are `<i8`, everything else `<f8`. Lists of unequal lengths are refused. No list
 * is built on the way: an array is read in slices and takes the memory of its numbers.
 */
export async function readNumberList(cursor: JsonCursor, loc: Loc): Promise<NdArray> {
  cursor.kind();
  const reader = new NumberListReader(cursor, loc);
  while (!reader.run()) if (turns.isOver) await turns.next();
  return { dense: await reader.numbers.pack(reader.shape), className: 'numpy' };
}

/** So much text of numbers is parsed at once, in bytes. */
const TEXT_BYTES = 32 * 1024;

/** Longest number, in bytes. JavaScript writes none with more than 25. */
const NUMBER_BYTES_MAX = 4 * 1024;

/** The text of numbers that are not parsed yet; empty between two runs of a reader, so that all can share it. */
const text = Buffer.allocUnsafe(TEXT_BYTES + NUMBER_BYTES_MAX + 1);

/** What stands before the next byte. */
type Before = 'open' | 'comma' | 'value';

/** Follows the brackets, which give the shape, and collects what stands between them. */
class NumberListReader {
  /** Lengths of the axes, outermost first; each is set by the first list of its level that ends. */
  readonly shape: number[] = [];
  readonly numbers = new Numbers();

  private readonly bytes: Buffer;
  private textLength = 0;
  private before: Before = 'open';
  /** How many elements the lists have so far that are open. */
  private readonly lengths: number[] = [];
  /** How many lists stand around a number; undefined before the first number or empty list. */
  private leafDepth: number | undefined;

  constructor(
    private readonly cursor: JsonCursor,
    private readonly loc: Loc,
  ) {
    this.bytes = cursor.bytes;
  }

  /** Reads about TEXT_BYTES more; whether the value has come to its end. */
  run(): boolean {
    const { cursor, bytes } = this;
    const until = cursor.offset + TEXT_BYTES;
    do {
      const byte = bytes[cursor.offset];
      if (byte === undefined) throw cursor.invalid(', or ] is expected');
      if (isBlank(byte)) cursor.offset += 1;
      else this.read(byte);
    } while ((this.before !== 'value' || this.lengths.length > 0) && cursor.offset < until);
    this.parseText();
    return this.before === 'value' && this.lengths.length === 0;
  }

  private read(byte: number): void {
    const isAfterValue = this.before === 'value';
    if (byte === COMMA && isAfterValue) {
      this.before = 'comma';
      this.cursor.offset += 1;
    } else if (byte === LIST_CLOSE && this.before !== 'comma') this.close();
    else if (isAfterValue) throw this.cursor.invalid(', or ] is expected');
    else if (byte === LIST_OPEN) this.open();
    else this.readNumber(byte);
  }

  private open(): void {
    if (this.leafDepth !== undefined && this.lengths.length >= this.leafDepth) throw notAnArray(this.loc);
    if (this.lengths.length >= AXES_MAX) throw notAnArray(this.loc);
    this.lengths.push(0);
    this.before = 'open';
    this.cursor.offset += 1;
  }

  private close(): void {
    const depth = this.lengths.length;
    const length = this.lengths.pop() ?? 0;
    if (this.before === 'open') this.leafDepth ??= depth;
    const expected = (this.shape[depth - 1] ??= length);
    if (length !== expected || (this.before === 'open' && this.leafDepth !== depth)) throw notAnArray(this.loc);
    this.endValue();
    this.cursor.offset += 1;
  }

  private readNumber(byte: number): void {
    const depth = this.lengths.length;
    this.leafDepth ??= depth;
    if (!startsNumber(byte) || depth !== this.leafDepth) throw notAnArray(this.loc);
    const { bytes, cursor } = this;
    if (this.textLength > 0) text[this.textLength++] = COMMA;
    const start = cursor.offset;
    let at = start;
    for (let next: number | undefined = byte; isOfNumber(next) && at - start < NUMBER_BYTES_MAX; next = bytes[++at])
      text[this.textLength++] = next;
    if (at - start === NUMBER_BYTES_MAX) throw notAnArray(this.loc);
    cursor.offset = at;
    this.endValue();
    if (this.textLength >= TEXT_BYTES) this.parseText();
  }

  private endValue(): void {
    const outer = this.lengths.length - 1;
    if (outer >= 0) this.lengths[outer] = (this.lengths[outer] ?? 0) + 1;
    this.before = 'value';
  }

  private parseText(): void {
    if (this.textLength === 0) return;
    const numbers = parseNumbers(text.toString('latin1', 0, this.textLength));
    if (!numbers) throw notAnArray(this.loc);
    this.textLength = 0;
    this.numbers.add(numbers);
  }
}

/** Every byte but those that end a number. What is none of JSON's the parser refuses. */
function isOfNumber(byte: number | undefined): byte is number {
  return byte !== undefined && byte !== COMMA && byte !== LIST_CLOSE && byte > 0x20 && byte < 0x7b;
}

function parseNumbers(listed: string): number[] | undefined {
  try {
    const values: unknown = JSON.parse(`[${listed}]`);
    return Array.isArray(values) ? values.filter((value) => typeof value === 'number') : undefined;
  } catch {
    return undefined;
  }
}

function notAnArray(loc: Loc): RequestShapeError {
  const msg = 'value is not a list of numbers, nor lists of equal length of them';
  return new RequestShapeError({ loc, msg, type: 'type_error.array' });
}

/** The numbers of one array, kept as small as they are. */
class Numbers {
  private readonly pieces: (Uint8Array | Float64Array)[] = [];
  private length = 0;
  private isWhole = true;
  private hasOne = false;
  private isMask = true;

  add(numbers: readonly number[]): void {
    const isBytes = numbers.every(
      (value) => Number.isInteger(value) && value >= 0 && value <= 255 && !isMinusZero(value),
    );
    this.isWhole &&= isBytes || numbers.every((value) => Number.isSafeInteger(value) && !isMinusZero(value));
    this.hasOne ||= numbers.includes(1);
    this.isMask &&= numbers.every((value) => value === 0 || value === 1);
    this.pieces.push(isBytes ? Uint8Array.from(numbers) : Float64Array.from(numbers));
    this.length += numbers.length;
  }

  async pack(shape: number[]): Promise<DenseArray> {
    if (!this.isWhole || (this.isMask && this.hasOne)) {
      return { buffer: await this.gathered(new Float64Array(this.length)), dtype: '<f8', shape };
    }
    if (this.pieces.every((piece) => piece instanceof Uint8Array)) {
      return { buffer: await this.gathered(new Uint8Array(this.length)), dtype: '|u1', shape };
    }
    return { buffer: await this.gathered(new BigInt64Array(this.length)), dtype: '<i8', shape };
  }

  private async gathered(into: Uint8Array | Float64Array | BigInt64Array): Promise<Uint8Array> {
    let at = 0;
    for (const piece of this.pieces.splice(0)) {
      if (turns.isOver) await turns.next();
      if (into instanceof BigInt64Array) into.set(BigInt64Array.from(Array.from(piece), BigInt), at);
      else into.set(piece, at);
      at += piece.length;
    }
    return new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
  }
}

function isMinusZero(value: number): boolean {
  return Object.is(value, -0);
}

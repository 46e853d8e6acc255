import { DomainError, type JsonValue, turns } from '#core';
import {
  JSON_FIELD_BYTES_MAX,
  JSON_FIELD_PARTS_MAX,
  JSON_NESTING_MAX,
  JSON_PARTS_MAX,
  NESTING_MAX,
} from '../codec-limits.js';
import {
  COLON,
  COMMA,
  isBlank,
  LIST_CLOSE,
  LIST_OPEN,
  OBJECT_CLOSE,
  OBJECT_OPEN,
  QUOTE,
  startsNumber,
  JsonScan,
  stringEndBefore,
} from './json-scan.js';
import { type Loc, parseJson, requireWellFormed, RequestShapeError } from './json-fields.js';

/** What a value is, as its first byte tells; `literal` is true, false or null. */
export type JsonKind = 'object' | 'list' | 'string' | 'number' | 'literal';

/** A value in the bytes of a body, not yet built. */
export interface JsonSpan {
  readonly kind: JsonKind;
  readonly start: number;
  readonly end: number;
  /** Elements of a list, fields of an object; 0 for everything else. */
  readonly elements: number;
  /** Whether a string in it spells half of a surrogate pair. */
  readonly hasSurrogates: boolean;
}

/** Between two looks at the time so many bytes are scanned, about a millisecond's worth. */
const SCAN_STEP_BYTES = 256 * 1024;

/** A long string is built in pieces of so many bytes. */
const STRING_PIECE_BYTES = 1024 * 1024;

/** More blanks than this in one place no writer of JSON makes. */
const BLANKS_MAX = 64 * 1024;

/**
 * Reads the JSON of one request value by value from its bytes, so that nothing is built that was not counted before.
 * All bounds of a body are kept here: the parts of all that is built together, and bytes, parts and depth of each plain
 * value. What may be large is read in slices (see `Turns`). The bytes must be valid UTF-8. Throws RequestShapeError for
 * what is no JSON or breaks a bound of the shape, and `request_too_large`.
 *
 * @example
 * const cursor = new JsonCursor(Buffer.from('[1,"a"]'));
 * for (const index of cursor.elements()) values.push(cursor.value(['body', index])); // 1, then 'a'
 */
export class JsonCursor {
  private partsLeft: number;

  constructor(
    readonly bytes: Buffer,
    /** The next byte to read. */
    public offset = 0,
    partsMax = JSON_PARTS_MAX,
  ) {
    this.partsLeft = partsMax;
  }

  /** The kind of the next value, which the cursor stands at then. */
  kind(): JsonKind {
    const byte = this.peek();
    if (byte === QUOTE) return 'string';
    if (byte === OBJECT_OPEN) return 'object';
    if (byte === LIST_OPEN) return 'list';
    if (startsNumber(byte)) return 'number';
    if (byte === 0x74 || byte === 0x66 || byte === 0x6e) return 'literal';
    throw this.invalid('a value is expected');
  }

  /** Steps over the next value if it is null, and returns whether it was. */
  skipNull(): boolean {
    if (this.peek() !== 0x6e || this.bytes.toString('latin1', this.offset, this.offset + 4) !== 'null') return false;
    this.offset += 4;
    return true;
  }

  /** The keys of the object that comes next. The value of each must be read before the next key is asked for. */
  *fields(): Generator<string, void> {
    this.expect(OBJECT_OPEN, '{');
    if (this.peek() === OBJECT_CLOSE) return this.step();
    for (;;) {
      if (this.peek() !== QUOTE) throw this.invalid('a key in quotes is expected');
      const key = String(this.value(['body']));
      this.expect(COLON, ':');
      yield key;
      if (this.peek() === OBJECT_CLOSE) return this.step();
      this.expect(COMMA, ', or }');
    }
  }

  /**
   * The places of the elements of the list that comes next, from 0. Each element must be read before the next is asked
   * for.
   */
  *elements(): Generator<number, void> {
    this.expect(LIST_OPEN, '[');
    if (this.peek() === LIST_CLOSE) return this.step();
    for (let index = 0; ; index += 1) {
      yield index;
      if (this.peek() === LIST_CLOSE) return this.step();
      this.expect(COMMA, ', or ]');
    }
  }

  /** The next value, built at once, so it may not be large. `loc` is named where it breaks a bound. */
  value(loc: Loc): JsonValue {
    const value = this.smallValue(loc);
    if (value !== undefined) return value;
    throw tooLarge(loc, `is larger than ${JSON_FIELD_BYTES_MAX} bytes`);
  }

  /**
   * The next value, built, unless it is larger than JSON_FIELD_BYTES_MAX: then undefined, and the cursor still stands
   * before it.
   */
  smallValue(loc: Loc): JsonValue | undefined {
    this.kind();
    const scan = new JsonScan(this.bytes, this.offset);
    if (!scan.run(this.offset + JSON_FIELD_BYTES_MAX)) {
      if (scan.offset >= this.bytes.length) throw this.cutShort();
      return undefined;
    }
    if (scan.depthSeen > NESTING_MAX) throw tooDeep(loc);
    if (scan.parts > JSON_FIELD_PARTS_MAX) throw tooLarge(loc, `has more than ${JSON_FIELD_PARTS_MAX} keys and values`);
    this.count(scan.parts);
    const value = this.parse(this.offset, scan.offset);
    if (scan.hasSurrogates) requireWellFormed(value, loc);
    this.offset = scan.offset;
    return value;
  }

  /** The string that comes next, of any length. */
  async string(loc: Loc): Promise<string> {
    const span = await this.skip(loc);
    let text = '';
    for await (const piece of this.pieces(span)) text += piece;
    if (span.hasSurrogates) requireWellFormed(text, loc);
    return text;
  }

  /**
   * The string at `span`, of any length, in pieces in their order: joined they are the string. A piece may end within a
   * surrogate pair that is spelled in escapes.
   */
  async *pieces({ start, end }: JsonSpan): AsyncGenerator<string, void> {
    for (let at = start + 1; at < end - 1;) {
      if (turns.isOver) await turns.next();
      const until = stringEndBefore(this.bytes, at, Math.min(at + STRING_PIECE_BYTES, end - 1));
      yield String(this.parse(at, until, '"'));
      at = until;
    }
  }

  /** Steps over the next value, however large it is. */
  async skip(loc: Loc): Promise<JsonSpan> {
    const kind = this.kind();
    const start = this.offset;
    const scan = new JsonScan(this.bytes, start);
    for (let until = start + SCAN_STEP_BYTES; !scan.run(until); until += SCAN_STEP_BYTES) {
      if (until >= this.bytes.length) throw this.cutShort();
      if (turns.isOver) await turns.next();
    }
    if (scan.depthSeen > JSON_NESTING_MAX) throw tooDeep(loc);
    this.offset = scan.offset;
    this.count(1);
    const { elements, hasSurrogates } = scan;
    return { kind, start, end: scan.offset, elements, hasSurrogates };
  }

  /** Throws unless nothing but blanks follows. */
  async end(): Promise<void> {
    const { bytes } = this;
    while (this.offset < bytes.length) {
      const until = Math.min(this.offset + SCAN_STEP_BYTES, bytes.length);
      while (this.offset < until && isBlank(bytes[this.offset])) this.offset += 1;
      if (this.offset < until) throw this.invalid('nothing more is expected');
      if (turns.isOver) await turns.next();
    }
  }

  /** The error for a body that is no JSON at the byte where the cursor stands. */
  invalid(expected: string): RequestShapeError {
    if (this.offset >= this.bytes.length) return this.cutShort();
    return RequestShapeError.invalidJson(`${expected} at byte ${this.offset}`);
  }

  /** The next byte that is not blank; undefined at the end. */
  private peek(): number | undefined {
    const { bytes } = this;
    const last = this.offset + BLANKS_MAX;
    while (isBlank(bytes[this.offset])) {
      this.offset += 1;
      if (this.offset > last) throw this.invalid(`no more than ${BLANKS_MAX} blanks in one place are expected`);
    }
    return bytes[this.offset];
  }

  private expect(byte: number, name: string): void {
    if (this.peek() !== byte) throw this.invalid(`${name} is expected`);
    this.offset += 1;
  }

  private step(): void {
    this.offset += 1;
  }

  private count(parts: number): void {
    this.partsLeft -= parts;
    if (this.partsLeft >= 0) return;
    throw new DomainError(
      'request_too_large',
      `The body has more than ${JSON_PARTS_MAX} keys and values. Split it into several requests.`,
    );
  }

  private parse(start: number, end: number, quote = ''): JsonValue {
    try {
      return parseJson(quote + this.bytes.toString('utf8', start, end) + quote);
    } catch {
      throw RequestShapeError.invalidJson(`the value at byte ${start - quote.length} is not valid`);
    }
  }

  private cutShort(): RequestShapeError {
    return RequestShapeError.invalidJson(`the body ends within a value, at byte ${this.bytes.length}`);
  }
}

function tooDeep(loc: Loc): RequestShapeError {
  const msg = `nested deeper than ${NESTING_MAX}`;
  return new RequestShapeError({ loc: loc.slice(0, 4), msg, type: 'value_error' });
}

function tooLarge(loc: Loc, what: string): DomainError {
  return new DomainError('request_too_large', `${loc.join('.')} ${what}. Send less in one place.`);
}

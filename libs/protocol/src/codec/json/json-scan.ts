/**
 * So many bytes of a string are looked at one by one before Node searches for its end: a search costs as much as 50 of
 * them.
 */
const STEPS_BEFORE_SEARCH = 48;

/**
 * Finds the end of one JSON value in its bytes and counts what it holds, without building any of it. It can be left and
 * gone on with at any byte. It follows only what gives structure (strings, brackets, commas), so that a value which
 * passes may still be no JSON; whoever builds it finds that out.
 */
export class JsonScan {
  /** The next byte to look at; after the end, the first one behind the value. */
  offset: number;
  /** Keys and values, the numbers of arrays too. */
  parts = 1;
  /** Elements of the value if it is a list, fields if it is an object. */
  elements = 0;
  /** How deep the value is nested: 0 for one without brackets, 1 for `[]`. */
  depthSeen = 0;
  /** Whether a string spells half of a surrogate pair (`\ud83d`), which alone is no Unicode. */
  hasSurrogates = false;

  private depth = 0;
  private isInString = false;
  private readonly isScalar: boolean;
  private nextQuote = -1;
  private nextBackslash = -1;

  /** @param start where the value begins, with no blanks before it */
  constructor(
    private readonly bytes: Buffer,
    start: number,
  ) {
    this.offset = start;
    const first = bytes[start];
    this.isScalar = first !== QUOTE && first !== LIST_OPEN && first !== OBJECT_OPEN;
  }

  /** Goes on to the end of the value, but not beyond the byte `until`; whether the end was reached. */
  run(until: number): boolean {
    const end = Math.min(until, this.bytes.length);
    return this.isScalar ? this.runScalar(end) : this.runNested(end);
  }

  private runScalar(end: number): boolean {
    const { bytes } = this;
    while (this.offset < end) {
      const byte = bytes[this.offset];
      if (byte === COMMA || byte === LIST_CLOSE || byte === OBJECT_CLOSE || byte === COLON || isBlank(byte))
        return true;
      this.offset += 1;
    }
    return this.offset === bytes.length;
  }

  private runNested(end: number): boolean {
    const { bytes } = this;
    let at = this.offset;
    while (at < end) {
      if (this.isInString) {
        at = this.endOfString(at, end);
        if (at >= end) break;
        this.isInString = false;
        at += 1;
        if (this.depth === 0) return this.endAt(at);
        continue;
      }
      const byte = bytes[at];
      at += 1;
      if (byte === COMMA) {
        this.parts += 1;
        if (this.depth === 1) this.elements += 1;
      } else if (byte === LIST_CLOSE || byte === OBJECT_CLOSE) {
        this.depth -= 1;
        if (this.depth === 0) return this.endAt(at);
      } else if (!isBlank(byte)) {
        if (this.depth === 1 && this.elements === 0) this.elements = 1;
        if (byte === QUOTE) this.isInString = true;
        else if (byte === COLON) this.parts += 1;
        else if (byte === LIST_OPEN || byte === OBJECT_OPEN) this.open();
      }
    }
    this.offset = at;
    return false;
  }

  private open(): void {
    if (this.depth > 0) this.parts += 1;
    this.depth += 1;
    if (this.depth > this.depthSeen) this.depthSeen = this.depth;
  }

  private endAt(at: number): true {
    this.offset = at;
    return true;
  }

  /** Where the quote stands that ends the string that goes on at `from`; `end` or more when it is not before `end`. */
  private endOfString(from: number, end: number): number {
    const { bytes } = this;
    let at = from;
    let steps = 0;
    while (at < end) {
      const byte = bytes[at];
      if (byte === QUOTE) return at;
      if (byte === BACKSLASH) {
        this.hasSurrogates ||= startsSurrogate(bytes, at);
        at += 2;
        steps = 0;
      } else if (steps < STEPS_BEFORE_SEARCH) {
        at += 1;
        steps += 1;
      } else {
        at = Math.min(this.quoteFrom(at), this.backslashFrom(at));
        steps = 0;
      }
    }
    return at;
  }

  /** What was found is kept, so that many short ways to one distant quote search for it once. */
  private quoteFrom(at: number): number {
    if (this.nextQuote < at) this.nextQuote = positionOf(this.bytes, QUOTE, at);
    return this.nextQuote;
  }

  private backslashFrom(at: number): number {
    if (this.nextBackslash < at) this.nextBackslash = positionOf(this.bytes, BACKSLASH, at);
    return this.nextBackslash;
  }
}

function positionOf(bytes: Buffer, byte: number, from: number): number {
  const found = bytes.indexOf(byte, from);
  return found < 0 ? bytes.length : found;
}

/** Whether the escape at `at` is `\uD8…` to `\uDF…`. */
function startsSurrogate(bytes: Buffer, at: number): boolean {
  if (bytes[at + 1] !== 0x75 || (bytes[at + 2] ?? 0) % 0x20 !== 4) return false; // u, then d or D
  const digit = bytes[at + 3] ?? 0;
  return digit === 0x38 || digit === 0x39 || (digit >= 0x41 && digit <= 0x66);
}

/** The bytes that give JSON its structure (RFC 8259 §2). */
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
const BACKSLASH = 0x5c;
export const LIST_OPEN = 0x5b;
export const LIST_CLOSE = 0x5d;
export const OBJECT_OPEN = 0x7b;
export const OBJECT_CLOSE = 0x7d;

/** Space, tab, line feed and carriage return, which may stand between any two parts. */
export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Whether a number may begin with this byte. */
export function startsNumber(byte: number | undefined): boolean {
  return byte !== undefined && (byte === 0x2d || (byte >= 0x30 && byte <= 0x39));
}

/**
 * Where a part of a JSON string may end, at `end` or a few bytes before it: not within a UTF-8 character nor within an
 * escape. `start` is such a place itself.
 */
export function stringEndBefore(bytes: Buffer, start: number, end: number): number {
  let at = end;
  while (at > start && ((bytes[at] ?? 0) & 0xc0) === 0x80) at -= 1;
  for (let before = at - 1; before >= Math.max(start, at - 6); before -= 1) {
    if (bytes[before] !== BACKSLASH) continue;
    if (backslashesUpTo(bytes, start, before) % 2 === 0) break;
    const length = bytes[before + 1] === 0x75 ? 6 : 2; // `\u` and four digits, or one letter
    if (before + length > at) at = before;
    break;
  }
  return at > start ? at : end;
}

function backslashesUpTo(bytes: Buffer, start: number, last: number): number {
  let count = 0;
  while (last - count >= start && bytes[last - count] === BACKSLASH) count += 1;
  return count;
}

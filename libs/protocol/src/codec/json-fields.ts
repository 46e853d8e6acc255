import type { JsonObject, JsonValue } from '#core';
import { setOwn } from './proto-struct.js';
import { RequestShapeError } from './request-shape-error.js';
import { NESTING_MAX } from './codec-limits.js';

/** The way to a value inside a body, as RequestShapeError tells it. */
export type Loc = readonly (string | number)[];

const uint32Max = 0xffff_ffff;

/** Any JSON object, not an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function readRecord(value: unknown, loc: Loc): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw new RequestShapeError({ loc, msg: 'value is not a valid dict', type: 'type_error.dict' });
}

export function readList(value: unknown, loc: Loc): unknown[] {
  if (Array.isArray(value)) return value;
  throw new RequestShapeError({ loc, msg: 'value is not a valid list', type: 'type_error.list' });
}

/** A string; a number becomes its digits, since a hand-written `"id": 1` works with the Python server too. */
export function readString(value: unknown, loc: Loc): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') throw new RequestShapeError({ loc, msg: 'str type expected', type: 'type_error.str' });
  return requireWellFormed(value, loc);
}

export function readNumber(value: unknown, loc: Loc): number {
  if (typeof value === 'number') return value;
  throw new RequestShapeError({ loc, msg: 'value is not a valid float', type: 'type_error.float' });
}

/** What fits a protobuf uint32. */
export function readUint32(value: unknown, loc: Loc): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= uint32Max) return value;
  throw new RequestShapeError({
    loc,
    msg: 'value is not a valid integer of 32 bits, 0 or more',
    type: 'type_error.integer',
  });
}

/** A JSON object with all it holds, checked to be no deeper than NESTING_MAX and to hold only valid Unicode. */
export function readJsonObject(value: unknown, loc: Loc, depth = 0): JsonObject {
  const object: JsonObject = {};
  for (const [key, item] of Object.entries(readRecord(value, loc))) {
    setOwn(object, requireWellFormed(key, loc), readJson(item, [...loc, key], depth + 1));
  }
  return object;
}

/** Any JSON value, checked like `readJsonObject`. */
export function readJson(value: unknown, loc: Loc, depth = 0): JsonValue {
  if (depth > NESTING_MAX) {
    throw new RequestShapeError({
      loc: loc.slice(0, 4),
      msg: `nested deeper than ${NESTING_MAX}`,
      type: 'value_error',
    });
  }
  if (typeof value === 'string') return requireWellFormed(value, loc);
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((item, index) => readJson(item, [...loc, index], depth + 1));
  return readJsonObject(value, loc, depth);
}

/**
 * Bytes from base64, standard or URL-safe, padded or not, with or without line breaks. The Python server answers 500
 * to a bad one; a caller is better served by being told which.
 */
export function readBase64(value: unknown, loc: Loc): Buffer {
  const text = readString(value, loc);
  const bytes = decodeExactly(text) ?? decodeExactly(text.replace(/\s+/g, ''));
  if (bytes) return bytes;
  throw new RequestShapeError({ loc, msg: 'value is not valid base64', type: 'value_error.base64' });
}

/** Node skips what is not base64; then fewer bytes come out than the length of the text promises. */
function decodeExactly(text: string): Buffer | undefined {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const length = text.length - padding;
  const bytes = Buffer.from(text, 'base64');
  return length % 4 !== 1 && bytes.length === Math.floor((length * 3) / 4) ? bytes : undefined;
}

/** A lone surrogate cannot be written as UTF-8, so it could never reach a protobuf answer. */
function requireWellFormed(text: string, loc: Loc): string {
  if (text.isWellFormed()) return text;
  throw new RequestShapeError({ loc, msg: 'str is not valid Unicode (a lone surrogate)', type: 'value_error.str' });
}

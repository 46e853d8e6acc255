import { type JsonObject, type JsonValue, DomainError } from '#core';

/** The way to a value inside a body, as RequestShapeError tells it. */
export type Loc = readonly (string | number)[];

const uint32Max = 0xffff_ffff;

/** `JSON.parse` with the type of what it gives. */
export function parseJson(text: string): JsonValue {
  const value: unknown = JSON.parse(text);
  return isJsonValue(value) ? value : null;
}

/** JSON.parse makes nothing else. */
function isJsonValue(value: unknown): value is JsonValue {
  return value !== undefined;
}

/** Any JSON object, not an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object. Throws RequestShapeError for anything else. */
export function readRecord(value: unknown, loc: Loc): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw new RequestShapeError({ loc, msg: 'value is not a valid dict', type: 'type_error.dict' });
}

/** A list. Throws RequestShapeError for anything else. */
export function readList(value: unknown, loc: Loc): unknown[] {
  if (Array.isArray(value)) return value;
  throw notAList(loc);
}

/** The error for what should be a list. */
export function notAList(loc: Loc): RequestShapeError {
  return new RequestShapeError({ loc, msg: 'value is not a valid list', type: 'type_error.list' });
}

/** A string; a number becomes its digits, since a hand-written `"id": 1` works with the Python server too. */
export function readString(value: unknown, loc: Loc): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value;
  throw new RequestShapeError({ loc, msg: 'str type expected', type: 'type_error.str' });
}

/** A number. Throws RequestShapeError for anything else. */
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

/** A JSON object as JSON.parse made it. */
export function readJsonObject(value: unknown, loc: Loc): JsonObject {
  if (isJsonObject(value)) return value;
  throw new RequestShapeError({ loc, msg: 'value is not a valid dict', type: 'type_error.dict' });
}

/** What JSON.parse gives for an object holds JSON values only. */
function isJsonObject(value: unknown): value is JsonObject {
  return isRecord(value);
}

/**
 * Throws where a string in `value`, or a key, holds half of a surrogate pair: it cannot be written as UTF-8, so it
 * could never reach a protobuf answer. (The Python server fails on one, too.)
 */
export function requireWellFormed(value: unknown, loc: Loc): void {
  if (typeof value === 'string') {
    if (value.isWellFormed()) return;
    throw new RequestShapeError({ loc, msg: 'str is not valid Unicode (a lone surrogate)', type: 'value_error.str' });
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    requireWellFormed(key, loc);
    requireWellFormed(item, loc);
  }
}

/** One place of a body that is not as it should be, in the form that FastAPI tells it. */
export interface ShapeProblem {
  /** The way to the place, e.g. `['body', 'data', 0, 'text']`. */
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  /** pydantic's name of the problem, e.g. `type_error.list`. */
  readonly type: string;
}

/**
 * A JSON request of a wrong shape: `invalid_argument`, and over HTTP a 422 whose body is `{"detail": detail}`, which is
 * what the Python server answers.
 */
export class RequestShapeError extends DomainError {
  readonly detail: readonly ShapeProblem[];

  constructor(problem: ShapeProblem) {
    super('invalid_argument', `${problem.loc.join('.')}: ${problem.msg}`);
    this.detail = [problem];
  }

  /** For a body that is not JSON at all; `reason` is the parser's own text, which quotes only the body. */
  static invalidJson(reason: string): RequestShapeError {
    return new RequestShapeError({ loc: ['body'], msg: `JSON decode error: ${reason}`, type: 'json_invalid' });
  }
}

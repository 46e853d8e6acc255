import type { DomainError, JsonObject, JsonValue } from '#core';
import { NESTING_MAX } from '../codec-limits.js';
import { fieldTag, WireType, type WireReader } from './wire-reader.js';
import type { WireWriter } from './wire-writer.js';

const entryTag = fieldTag(1, WireType.bytes);
const keyTag = fieldTag(1, WireType.bytes);
const valueTag = fieldTag(2, WireType.bytes);
const nullTag = fieldTag(1, WireType.varint);
const numberTag = fieldTag(2, WireType.fixed64);
const stringTag = fieldTag(3, WireType.bytes);
const boolTag = fieldTag(4, WireType.varint);
const structTag = fieldTag(5, WireType.bytes);
const listTag = fieldTag(6, WireType.bytes);

/** Sets an own property, also one that is called `__proto__`, which an assignment would take for the prototype. */
export function setOwn<T>(object: { [key: string]: T }, key: string, value: T): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

/**
 * `google.protobuf.Struct` as a JSON object, added to `into` (protobuf joins a message that is sent in parts). Numbers
 * are doubles and may be NaN or infinite, which JSON text cannot say. Throws `invalid_argument` beyond NESTING_MAX and
 * `request_too_large` once `budget` is used up.
 */
export function decodeStruct(reader: WireReader, into: JsonObject, budget: ValueBudget, depth = 0): JsonObject {
  if (depth > NESTING_MAX) throw reader.undecodable('a struct is nested too deep');
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === entryTag) decodeEntry(reader.message('fields'), into, budget, depth);
    else reader.skip(tag);
  }
  return into;
}

/** How many values a message may still have, nested ones included. */
export interface ValueBudget {
  left: number;
  /** The refusal of one more. */
  readonly refusal: () => DomainError;
}

function decodeEntry(reader: WireReader, into: JsonObject, budget: ValueBudget, depth: number): void {
  if (--budget.left < 0) throw budget.refusal();
  let key = '';
  let value: JsonValue = null;
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === keyTag) key = reader.string('key');
    else if (tag === valueTag) value = decodeValue(reader.message('value'), budget, depth);
    else reader.skip(tag);
  }
  setOwn(into, key, value);
}

function decodeValue(reader: WireReader, budget: ValueBudget, depth: number): JsonValue {
  let value: JsonValue = null;
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === numberTag) value = reader.double();
    else if (tag === stringTag) value = reader.string('string_value');
    else if (tag === boolTag) value = reader.varint() !== 0;
    else if (tag === structTag) value = decodeStruct(reader.message('struct_value'), {}, budget, depth + 1);
    else if (tag === listTag) value = decodeList(reader.message('list_value'), budget, depth + 1);
    else {
      reader.skip(tag);
      if (tag === nullTag) value = null;
    }
  }
  return value;
}

function decodeList(reader: WireReader, budget: ValueBudget, depth: number): JsonValue[] {
  if (depth > NESTING_MAX) throw reader.undecodable('a list is nested too deep');
  const values: JsonValue[] = [];
  while (!reader.done) {
    const tag = reader.tag();
    if (tag !== entryTag) {
      reader.skip(tag);
      continue;
    }
    if (--budget.left < 0) throw budget.refusal();
    values.push(decodeValue(reader.message('values', values.length), budget, depth));
  }
  return values;
}

/** Writes a JSON object as the content of a `google.protobuf.Struct`. */
export function encodeStruct(writer: WireWriter, object: JsonObject): void {
  for (const [key, value] of Object.entries(object)) {
    writer.message(1, () => {
      writer.string(1, key);
      writer.message(2, () => encodeValue(writer, value));
    });
  }
}

function encodeValue(writer: WireWriter, value: JsonValue): void {
  if (value === null) writer.integer(1, 0);
  else if (typeof value === 'number') writer.double(2, value);
  else if (typeof value === 'string') writer.string(3, value);
  else if (typeof value === 'boolean') writer.integer(4, value ? 1 : 0);
  else if (Array.isArray(value)) writer.message(6, () => encodeList(writer, value));
  else writer.message(5, () => encodeStruct(writer, value));
}

function encodeList(writer: WireWriter, values: readonly JsonValue[]): void {
  for (const value of values) writer.message(1, () => encodeValue(writer, value));
}

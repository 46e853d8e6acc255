import type { CarriedField, Document } from '#core';
import { NESTING_MAX, PART_FIELDS_MAX } from '../codec-limits.js';
import { fieldTag, WireType, type WireReader } from './wire-reader.js';
import { WireWriter } from './wire-writer.js';

/** What a message may hold that has to be looked into: texts, which must be UTF-8, and messages with such texts. */
type Shape = ReadonlyMap<number, { readonly name: string; readonly message?: () => Shape }>;

const bytesTag = (field: number): number => fieldTag(field, WireType.bytes);

const structValue: Shape = new Map([
  [bytesTag(3), { name: 'string_value' }],
  [bytesTag(5), { name: 'struct_value', message: () => struct }],
  [bytesTag(6), { name: 'list_value', message: () => listValue }],
]);
const listValue: Shape = new Map([[bytesTag(1), { name: 'values', message: () => structValue }]]);
const structEntry: Shape = new Map([
  [bytesTag(1), { name: 'key' }],
  [bytesTag(2), { name: 'value', message: () => structValue }],
]);
/** `google.protobuf.Struct`. */
const struct: Shape = new Map([[bytesTag(1), { name: 'fields', message: () => structEntry }]]);
const score: Shape = new Map([
  [bytesTag(2), { name: 'op_name' }],
  [bytesTag(3), { name: 'description' }],
  [bytesTag(4), { name: 'ref_id' }],
]);
const scoreEntry: Shape = new Map([
  [bytesTag(1), { name: 'key' }],
  [bytesTag(2), { name: 'value', message: () => score }],
]);

/** The fields of `docarray.DocumentProto` that are sent back and never looked at. */
const carriedFields = new Map<number, { name: CarriedField; shape?: Shape }>([
  [bytesTag(13), { name: 'location' }],
  [fieldTag(13, WireType.fixed32), { name: 'location' }],
  [bytesTag(17), { name: 'tags', shape: struct }],
  [bytesTag(19), { name: 'evaluations', shape: scoreEntry }],
  [bytesTag(20), { name: 'metadata', shape: struct }],
]);

/**
 * Collects what a document carries through the server, as the bytes that it came in. Tags are made no objects of: a
 * message of the size that is allowed could fill the memory with them, and their bytes go out as they came anyway.
 */
export class CarriedFields {
  private parts: Map<CarriedField, UnknownFields> | undefined;

  /** Checks and keeps the field that began at `start` with `tag`; returns false for a field that is none of these. */
  collect(reader: WireReader, tag: number, start: number): boolean {
    const field = carriedFields.get(tag);
    if (!field) return false;
    if (field.shape) checkMessage(reader.boundMessage(field.name, PART_FIELDS_MAX), field.shape, 0);
    else if (tag === bytesTag(13)) checkFloats(reader);
    else reader.skip(tag);
    this.parts ??= new Map();
    const part = this.parts.get(field.name) ?? new UnknownFields();
    this.parts.set(field.name, part);
    part.add(reader, start);
    return true;
  }

  /** Hangs on `document` what was there. */
  putInto(document: Document): void {
    if (!this.parts) return;
    document.carried = {};
    for (const [name, part] of this.parts) {
      const bytes = part.bytes();
      if (bytes) document.carried[name] = bytes;
    }
  }
}

/** Steps over a `google.protobuf.Struct`, checked as protobuf's own parsers do. */
export function skipStruct(reader: WireReader): void {
  checkMessage(reader, struct, 0);
}

function checkMessage(reader: WireReader, shape: Shape, depth: number): void {
  if (depth > NESTING_MAX) throw reader.undecodable('it is nested too deep');
  while (!reader.done) {
    const tag = reader.tag();
    const field = shape.get(tag);
    if (!field) reader.skip(tag);
    else if (field.message) checkMessage(reader.message(field.name), field.message(), depth + 1);
    else reader.skipString(field.name);
  }
}

function checkFloats(reader: WireReader): void {
  if (reader.bytes().length % 4 !== 0) throw reader.undecodable('a list of numbers ends inside one');
}

/**
 * Collects the fields that a decoder does not know, as they came, so that the answer can carry them again. Fields side
 * by side stay a view of the message; scattered ones are copied together, so that many small ones cost no more memory
 * than they are long.
 */
export class UnknownFields {
  private reader: WireReader | undefined;
  private start = 0;
  private end = 0;
  private joined: WireWriter | undefined;

  /** Steps over the field that began at `start` with `tag`, and keeps it. */
  keep(reader: WireReader, tag: number, start: number): void {
    reader.skip(tag);
    this.add(reader, start);
  }

  /** Keeps the field that began at `start` and ends where `reader` is. All come from readers of one message. */
  add(reader: WireReader, start: number): void {
    if (this.reader && this.end !== start) {
      this.joined ??= new WireWriter();
      this.joined.raw(this.reader.between(this.start, this.end));
      this.start = start;
    } else if (!this.reader) this.start = start;
    this.reader = reader;
    this.end = reader.offset;
  }

  /** All of it, or undefined when there was none. */
  bytes(): Uint8Array | undefined {
    const last = this.reader?.between(this.start, this.end);
    if (!this.joined || !last) return last;
    this.joined.raw(last);
    return this.joined.finish();
  }
}

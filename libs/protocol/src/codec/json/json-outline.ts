import { DomainError, type JsonValue } from '#core';
import { JSON_ENVELOPE_FIELDS_MAX } from '../codec-limits.js';
import { JsonCursor, type JsonSpan } from './json-cursor.js';
import { type Loc, readRecord } from './json-fields.js';

/**
 * A JSON body that is an object: where its fields stand, none of them built yet.
 *
 * @example
 * const body = await JsonOutline.ofBody(bytes); // {"model":"mini-clip","input":["a cat"]}
 * body.value('model', ['body', 'model']); // 'mini-clip'
 * body.span('input')?.elements; // 1, and nothing of the list is built
 */
export class JsonOutline {
  private constructor(
    private readonly cursor: JsonCursor,
    private readonly spans: ReadonlyMap<string, JsonSpan>,
  ) {}

  /** The body `bytes`, all of it. Throws RequestShapeError when it is no JSON or no object. */
  static async ofBody(bytes: Buffer): Promise<JsonOutline> {
    const cursor = new JsonCursor(bytes);
    if (bytes.length === 0) readRecord(undefined, ['body']);
    const outline = await JsonOutline.read(cursor, ['body']);
    await cursor.end();
    return outline;
  }

  private static async read(cursor: JsonCursor, loc: Loc): Promise<JsonOutline> {
    if (cursor.kind() !== 'object') {
      await cursor.skip(loc);
      readRecord(undefined, loc);
    }
    const spans = new Map<string, JsonSpan>();
    for (const name of cursor.fields()) {
      spans.set(name, await cursor.skip([...loc, name])); // of two of one name the last counts, as in JSON.parse
      if (spans.size > JSON_ENVELOPE_FIELDS_MAX) throw tooManyFields(loc);
    }
    return new JsonOutline(cursor, spans);
  }

  /** The names of the fields, in their order. */
  names(): Iterable<string> {
    return this.spans.keys();
  }

  /** Whether there is such a field, null or not. */
  has(name: string): boolean {
    return this.spans.has(name);
  }

  /** What a field is; undefined where it is absent or null. */
  span(name: string): JsonSpan | undefined {
    const span = this.spans.get(name);
    return span && this.isNull(span) ? undefined : span;
  }

  /** A small field, built; undefined where it is absent or null. */
  value(name: string, loc: Loc): JsonValue | undefined {
    return this.span(name) && this.at(name)?.value(loc);
  }

  /**
   * A cursor before the field; undefined where it is absent or null. What is built through it counts for the whole
   * body.
   */
  at(name: string): JsonCursor | undefined {
    const span = this.span(name);
    if (!span) return undefined;
    this.cursor.offset = span.start;
    return this.cursor;
  }

  /** The outline of a field that is an object. */
  async inner(name: string, loc: Loc): Promise<JsonOutline | undefined> {
    const cursor = this.at(name);
    return cursor && (await JsonOutline.read(cursor, loc));
  }

  private isNull({ kind, start }: JsonSpan): boolean {
    return kind === 'literal' && this.cursor.bytes[start] === 0x6e;
  }
}

function tooManyFields(loc: Loc): DomainError {
  return new DomainError('request_too_large', `${loc.join('.')} has more than ${JSON_ENVELOPE_FIELDS_MAX} fields.`);
}

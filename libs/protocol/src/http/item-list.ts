import { DomainError, turns } from '#core';
import type { ItemSource } from '#serving';
import type { JsonCursor, JsonOutline, JsonSpan } from '../codec/index.js';
import { JSON_FIELD_BYTES_MAX } from '../codec/codec-limits.js';
import { type Modality, parseItem } from './item-input.js';

/** How deep an item of more than JSON_FIELD_BYTES_MAX is nested at most: `{"image_url": {"url": …}}`. */
const LARGE_ITEM_NESTING_MAX = 2;

/** A field of a body that holds an item or a list of items, none of them built yet. */
export class ItemList {
  /** How many items there are. */
  readonly count: number;

  private constructor(
    private readonly body: JsonOutline,
    private readonly name: string,
    private readonly span: JsonSpan,
  ) {
    this.count = span.kind === 'list' ? span.elements : 1;
  }

  /**
   * The field `name` of `body`. Throws `invalid_argument` with `missing` where it is absent, null or an empty string.
   */
  static of(body: JsonOutline, name: string, missing: string): ItemList {
    const span = body.span(name);
    const isEmpty = span?.kind === 'string' && span.end - span.start === 2;
    if (!span || isEmpty) throw new DomainError('invalid_argument', missing);
    return new ItemList(body, name, span);
  }

  get isList(): boolean {
    return this.span.kind === 'list';
  }

  /** All items, built one after the other. Throws `invalid_argument`, naming the item that cannot be read. */
  async read(modality: Modality): Promise<ItemSource[]> {
    const cursor = this.body.at(this.name);
    if (!cursor) return [];
    if (!this.isList) return [await readItem(cursor, `${this.name}[0]`, modality)];
    const items: ItemSource[] = [];
    for (const index of cursor.elements()) items.push(await readItem(cursor, `${this.name}[${index}]`, modality));
    return items;
  }

  /** The one item of a field that is none in a list. */
  async readOne(modality: Modality = 'text'): Promise<ItemSource> {
    const cursor = this.body.at(this.name);
    if (!cursor) throw new DomainError('invalid_argument', `${this.name} is missing.`);
    return readItem(cursor, this.name, modality);
  }
}

async function readItem(cursor: JsonCursor, where: string, modality: Modality): Promise<ItemSource> {
  if (turns.isOver) await turns.next();
  const value = cursor.smallValue([where]);
  const item = await parseItem(value === undefined ? await largeValue(cursor, where, 0) : value, where, modality);
  if (item.kind !== 'text' || value !== undefined || Buffer.byteLength(item.text) <= JSON_FIELD_BYTES_MAX) return item;
  throw new DomainError(
    'request_too_large',
    `${where} is a text of more than ${JSON_FIELD_BYTES_MAX} bytes. Shorten it.`,
  );
}

/** An item with a large picture: its strings are read piece by piece. */
async function largeValue(cursor: JsonCursor, where: string, depth: number): Promise<unknown> {
  const kind = cursor.kind();
  if (kind === 'string') return cursor.string([where]);
  if (kind !== 'object' || depth >= LARGE_ITEM_NESTING_MAX) return cursor.value([where]);
  const fields = new Map<string, unknown>();
  for (const name of cursor.fields()) {
    if (turns.isOver) await turns.next();
    const value = cursor.smallValue([where]);
    fields.set(name, value === undefined ? await largeValue(cursor, where, depth + 1) : value);
  }
  return Object.fromEntries(fields);
}

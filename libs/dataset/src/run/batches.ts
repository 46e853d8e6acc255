import { type EncodeItem, towerOf } from '#core';
import type { SourceRow } from '../rows/source-row.js';

/** A row with the table that it comes from. */
export interface PlacedRow extends SourceRow {
  readonly table: number;
  readonly file: string;
}

/** Rows that are encoded together; bad ones ride along, so that the order is kept. */
export interface RowBatch {
  readonly rows: readonly PlacedRow[];
  /** Of the rows that are not bad, in their order: all texts or all pictures. */
  readonly items: readonly EncodeItem[];
}

/** Most encoded bytes of a batch; a larger item goes alone. */
const BATCH_BYTES_MAX = 16 * 2 ** 20;

/** Cuts a stream of rows into batches of one tower with at most `itemsMax` rows. Reads a row only when asked. */
export async function* batchesOf(rows: AsyncIterable<PlacedRow>, itemsMax: number): AsyncGenerator<RowBatch> {
  let held: PlacedRow[] = [];
  let items: EncodeItem[] = [];
  let bytes = 0;
  for await (const row of rows) {
    const item = 'item' in row.content ? row.content.item : undefined;
    const size = item ? bytesOf(item) : 0;
    const [first] = items;
    const isOtherTower = item !== undefined && first !== undefined && towerOf(first) !== towerOf(item);
    if (held.length > 0 && (isOtherTower || held.length >= itemsMax || bytes + size > BATCH_BYTES_MAX)) {
      yield { rows: held, items };
      [held, items, bytes] = [[], [], 0];
    }
    held.push(row);
    bytes += size;
    if (item) items.push(item);
  }
  if (held.length > 0) yield { rows: held, items };
}

function bytesOf(item: EncodeItem): number {
  if (item.kind === 'text') return item.text.length * 2;
  return item.kind === 'image' ? item.bytes.length : item.pixels.data.length;
}

import { DomainError } from '#core';
import type { LastRow } from '../output/progress-file.js';
import type { SourceTable } from '../rows/source-row.js';
import type { PlacedRow } from './batches.js';
import { rowsOfShard, type Shard } from '../rows/shard.js';

/**
 * The rows of a shard that come after `last`, in the order of the source.
 *
 * @throws DomainError `conflict` when the source is no longer what it was when `last` was written
 */
export async function* shardRows(
  tables: readonly SourceTable[],
  shard: Shard,
  last: LastRow | null,
): AsyncGenerator<PlacedRow> {
  for (const [at, table] of tables.entries()) {
    const isOwn = rowsOfShard(shard, at, tables.length);
    if (!isOwn || (last && at < last.table)) continue;
    const from = last?.table === at ? last.row : 0;
    let isFound = last?.table !== at;
    for await (const row of table.rows((row) => row >= from && isOwn(row))) {
      if (isFound) {
        yield { ...row, table: at, file: table.name };
      } else {
        if (last?.file !== table.name || row.row !== last.row || row.id !== last.id) throw hasChanged();
        isFound = true;
      }
    }
    if (!isFound) throw hasChanged();
  }
  if (last && last.table >= tables.length) throw hasChanged();
}

function hasChanged(): DomainError {
  return new DomainError(
    'conflict',
    'The source has changed since the first part of this output was written. Encode it into another folder.',
  );
}

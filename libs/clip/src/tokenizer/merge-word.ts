import type { MergeTable } from './merge-table.js';

/**
 * Byte-pair encoding of one word: merges the neighbours of the lowest rank, leftmost first, until none merges.
 * Quadratic in the length of the word, which the caller bounds (`WORD_BYTES_PER_ID`).
 * Source: Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units", algorithm 1.
 */
export function mergeWord(symbols: readonly number[], merges: MergeTable): number[] {
  const ids = [...symbols];
  const priorities = ids.map((id, at) => priorityAt(ids, at, id, merges));
  for (let at = lowest(priorities); at >= 0; at = lowest(priorities)) {
    const merged = merges.merged(priorities[at] ?? 0);
    ids.splice(at, 2, merged);
    priorities.splice(at, 1);
    priorities[at] = priorityAt(ids, at, merged, merges);
    const before = ids[at - 1];
    if (before !== undefined) priorities[at - 1] = merges.priority(before, merged);
  }
  return ids;
}

function priorityAt(ids: readonly number[], at: number, id: number, merges: MergeTable): number {
  const next = ids[at + 1];
  return next === undefined ? Infinity : merges.priority(id, next);
}

/** Index of the first smallest finite value, -1 when all are infinite. */
function lowest(priorities: readonly number[]): number {
  let best = Infinity;
  let bestAt = -1;
  for (let at = 0; at < priorities.length; at++) {
    const priority = priorities[at] ?? Infinity;
    if (priority < best) {
      best = priority;
      bestAt = at;
    }
  }
  return bestAt;
}

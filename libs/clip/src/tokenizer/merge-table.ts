import { modelBroken } from '../json-fields.js';

/** Vocabularies stay below 2^20, so a pair of ids fits one exact double. */
const PAIR_BASE = 2 ** 20;

/**
 * The merges of a byte-pair encoding: which two neighbours become which token, and which merge goes first. Packed into
 * one number per pair, because a Map of 49,000 objects costs more to load than the rest of the model's small files.
 */
export class MergeTable {
  private readonly packed = new Map<number, number>();

  constructor(merges: readonly unknown[], vocabulary: ReadonlyMap<string, number>) {
    merges.forEach((merge, rank) => {
      const [left, right] = partsOf(merge);
      const leftId = vocabulary.get(left);
      const rightId = vocabulary.get(right);
      const mergedId = vocabulary.get(left + right);
      if (leftId === undefined || rightId === undefined || mergedId === undefined) {
        throw modelBroken('tokenizer.json has a merge outside its vocabulary', `merge ${rank}`);
      }
      this.packed.set(leftId * PAIR_BASE + rightId, rank * PAIR_BASE + mergedId);
    });
  }

  /** Lower goes first; two merges compare by rank. `Infinity`: the pair does not merge. */
  priority(leftId: number, rightId: number): number {
    return this.packed.get(leftId * PAIR_BASE + rightId) ?? Infinity;
  }

  /** The token that a finite `priority` leads to. */
  merged(priority: number): number {
    return priority % PAIR_BASE;
  }
}

/** `"a b"` in older files, `["a", "b"]` in newer ones. */
function partsOf(merge: unknown): [string, string] {
  const [left, right] = typeof merge === 'string' ? merge.split(' ') : Array.isArray(merge) ? merge : [];
  if (typeof left === 'string' && typeof right === 'string') return [left, right];
  throw modelBroken('tokenizer.json has a merge that is not a pair', JSON.stringify(merge));
}

import { modelBroken } from '../files/json-fields.js';

/** Ids and ranks are below 2^20, so a pair of ids, or a rank with an id, fits one exact double. */
const BASE = 2 ** 20;

/**
 * The merges of a byte-pair encoding: which two neighbours become which token, and which merge goes first. Each pair is
 * packed into one number, because a Map of 49,000 objects takes longer to load than the rest of the model's small
 * files.
 *
 * @example
 * const merges = new MergeTable(['a b'], new Map([['a', 0], ['b', 1], ['ab', 2]]));
 * merges.merged(merges.priority(0, 1)); // 2
 */
export class MergeTable {
  /** Most symbols of a token that merges lead to. At least 1. */
  readonly symbolsMax: number;
  private readonly packed = new Map<number, number>();

  /** `prefix` begins the tokens inside a word; a merge leaves it out of its right half. */
  constructor(merges: readonly unknown[], vocabulary: ReadonlyMap<string, number>, prefix = '') {
    let charactersMax = 1;
    if (merges.length >= BASE) throw modelBroken('tokenizer.json has too many merges', `${merges.length}`);
    merges.forEach((merge, rank) => {
      const [left, right] = partsOf(merge);
      const merged = left + right.slice(prefix.length);
      const leftId = vocabulary.get(left);
      const rightId = vocabulary.get(right);
      const mergedId = vocabulary.get(merged);
      if (leftId === undefined || rightId === undefined || mergedId === undefined) {
        throw modelBroken('tokenizer.json has a merge outside its vocabulary', `merge ${rank}`);
      }
      charactersMax = Math.max(charactersMax, merged.length);
      this.packed.set(leftId * BASE + rightId, rank * BASE + mergedId);
    });
    this.symbolsMax = charactersMax;
  }

  /**
   * Returns the priority of a merge: lower goes first, equal is the same pair. `Infinity` when the two do not merge.
   */
  priority(leftId: number, rightId: number): number {
    return this.packed.get(leftId * BASE + rightId) ?? Infinity;
  }

  /** Returns the token that a finite `priority` leads to. */
  merged(priority: number): number {
    return priority % BASE;
  }

  /** Returns the rank of a finite `priority` among all merges, from 0. */
  rank(priority: number): number {
    return Math.floor(priority / BASE);
  }
}

/** Reads `"a b"` of older files and `["a", "b"]` of newer ones. */
function partsOf(merge: unknown): [string, string] {
  const [left, right] = typeof merge === 'string' ? merge.split(' ') : Array.isArray(merge) ? merge : [];
  if (typeof left === 'string' && typeof right === 'string') return [left, right];
  throw modelBroken('tokenizer.json has a merge that is not a pair', JSON.stringify(merge));
}

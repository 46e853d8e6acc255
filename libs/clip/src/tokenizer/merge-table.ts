import { modelBroken } from '../files/json-fields.js';

/** Vocabularies and lists of merges stay below 2^20, so a pair of ids, or a rank with an id, fits one exact double. */
const BASE = 2 ** 20;

/**
 * The merges of a byte-pair encoding: which two neighbours become which token, and which merge goes first. Packed into
 * one number per pair, because a Map of 49,000 objects costs more to load than the rest of the model's small files.
 */
export class MergeTable {
  /** No token that merges lead to is made of more symbols. At least 1. */
  readonly symbolsMax: number;
  private readonly packed = new Map<number, number>();

  /** `prefix`: what tokens inside of a word begin with, which a merge leaves out of its right half. */
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

  /** How two neighbours merge: lower goes first, equal is the same pair. `Infinity`: they do not merge. */
  priority(leftId: number, rightId: number): number {
    return this.packed.get(leftId * BASE + rightId) ?? Infinity;
  }

  /** The token that a finite `priority` leads to. */
  merged(priority: number): number {
    return priority % BASE;
  }

  /** Which of all merges a finite `priority` is, the first being 0. */
  rank(priority: number): number {
    return Math.floor(priority / BASE);
  }
}

/** `"a b"` in older files, `["a", "b"]` in newer ones. */
function partsOf(merge: unknown): [string, string] {
  const [left, right] = typeof merge === 'string' ? merge.split(' ') : Array.isArray(merge) ? merge : [];
  if (typeof left === 'string' && typeof right === 'string') return [left, right];
  throw modelBroken('tokenizer.json has a merge that is not a pair', JSON.stringify(merge));
}

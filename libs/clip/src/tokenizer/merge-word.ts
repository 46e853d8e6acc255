import type { MergeTable } from './merge-table.js';
import { MinHeap } from './min-heap.js';

/** Words stay below 2^32 symbols, so a rank and a place fit one exact double, which sorts by rank, then by place. */
const PLACES = 2 ** 32;

/** A word in tokens. */
export interface MergedWord {
  readonly ids: number[];
  /** At which symbol each token begins. */
  readonly starts: number[];
}

/**
 * Byte-pair encoding of one word: merges the neighbours of the lowest rank, leftmost first, until none merges. Takes n
 * log n for n symbols, with at most 3 n looks into the table. Source: Sennrich et al., "Neural Machine Translation of
 * Rare Words with Subword Units", algorithm 1.
 */
export function mergeWord(symbols: readonly number[], merges: MergeTable): MergedWord {
  const word = new Word(symbols, merges);
  word.mergeAll();
  return word.tokens();
}

/** Symbols in a list that is linked both ways, so that a merge costs the same wherever it is. */
class Word {
  private readonly ids: number[];
  private readonly nexts: number[];
  private readonly previous: number[];
  /** What the pair that begins at a place would merge by. */
  private readonly priorities: number[];
  private readonly heap = new MinHeap();

  constructor(
    symbols: readonly number[],
    private readonly merges: MergeTable,
  ) {
    this.ids = [...symbols];
    this.nexts = symbols.map((_, at) => at + 1);
    this.previous = symbols.map((_, at) => at - 1);
    this.priorities = new Array<number>(symbols.length).fill(Infinity);
    for (let at = 0; at < symbols.length - 1; at++) this.look(at);
  }

  mergeAll(): void {
    for (let key = this.heap.pop(); key !== undefined; key = this.heap.pop()) {
      const at = key % PLACES;
      const priority = this.priorities[at] ?? Infinity;
      // A pair of which one half has merged otherwise meanwhile.
      if (priority === Infinity || this.merges.rank(priority) !== Math.floor(key / PLACES)) continue;
      this.merge(at, this.merges.merged(priority));
    }
  }

  tokens(): MergedWord {
    const ids: number[] = [];
    const starts: number[] = [];
    for (let at = 0; at < this.ids.length; at = this.nexts[at] ?? Infinity) {
      ids.push(this.ids[at] ?? 0);
      starts.push(at);
    }
    return { ids, starts };
  }

  private merge(at: number, id: number): void {
    const right = this.nexts[at] ?? Infinity;
    const next = this.nexts[right] ?? Infinity;
    this.ids[at] = id;
    this.nexts[at] = next;
    this.priorities[right] = Infinity;
    if (next < this.ids.length) this.previous[next] = at;
    this.look(at);
    const before = this.previous[at] ?? -1;
    if (before >= 0) this.look(before);
  }

  private look(at: number): void {
    const left = this.ids[at];
    const right = this.ids[this.nexts[at] ?? Infinity];
    const isPair = left !== undefined && right !== undefined;
    const priority = isPair ? this.merges.priority(left, right) : Infinity;
    this.priorities[at] = priority;
    if (priority !== Infinity) this.heap.push(this.merges.rank(priority) * PLACES + at);
  }
}

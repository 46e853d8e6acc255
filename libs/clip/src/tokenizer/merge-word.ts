import type { MergeTable } from './merge-table.js';

/** Places are below 2^32, so a rank and a place fit one exact double, which sorts by rank, then by place. */
const PLACES = 2 ** 32;

/** A word as tokens. */
export interface MergedWord {
  readonly ids: number[];
  /** The symbol at which each token begins. */
  readonly starts: number[];
}

/**
 * Encodes one word by byte pairs: merges the neighbours of the lowest rank, leftmost first, until none merges. It takes
 * n log n steps for n symbols, and at most 3 n look-ups. Source: Sennrich et al., "Neural Machine Translation of Rare
 * Words with Subword Units", algorithm 1.
 */
export function mergeWord(symbols: readonly number[], merges: MergeTable): MergedWord {
  const word = new Word(symbols, merges);
  word.mergeAll();
  return word.tokens();
}

/** Symbols in a doubly linked list, so that a merge costs the same anywhere. */
class Word {
  private readonly ids: number[];
  private readonly nexts: number[];
  private readonly previous: number[];
  /** The priority of the pair that begins at each place. */
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
    for (let at = 0; at < symbols.length - 1; at++) this.updatePriority(at);
  }

  mergeAll(): void {
    for (let key = this.heap.pop(); key !== undefined; key = this.heap.pop()) {
      const at = key % PLACES;
      const priority = this.priorities[at] ?? Infinity;
      // One half of the pair has merged with another symbol meanwhile.
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
    this.updatePriority(at);
    const before = this.previous[at] ?? -1;
    if (before >= 0) this.updatePriority(before);
  }

  private updatePriority(at: number): void {
    const left = this.ids[at];
    const right = this.ids[this.nexts[at] ?? Infinity];
    const isPair = left !== undefined && right !== undefined;
    const priority = isPair ? this.merges.priority(left, right) : Infinity;
    this.priorities[at] = priority;
    if (priority !== Infinity) this.heap.push(this.merges.rank(priority) * PLACES + at);
  }
}

/** A binary heap of numbers; `pop` returns the least. */
class MinHeap {
  private readonly keys: number[] = [];

  push(key: number): void {
    const { keys } = this;
    let at = keys.length;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = keys[parentAt] ?? key;
      if (parent <= key) break;
      keys[at] = parent;
      at = parentAt;
    }
    keys[at] = key;
  }

  /** Removes and returns the least number; undefined when the heap is empty. */
  pop(): number | undefined {
    const { keys } = this;
    const least = keys[0];
    const last = keys.pop();
    if (last === undefined || keys.length === 0) return least;
    let at = 0;
    for (let childAt = 1; childAt < keys.length; childAt = 2 * at + 1) {
      if ((keys[childAt + 1] ?? Infinity) < (keys[childAt] ?? Infinity)) childAt += 1;
      const child = keys[childAt] ?? Infinity;
      if (child >= last) break;
      keys[at] = child;
      at = childAt;
    }
    keys[at] = last;
    return least;
  }
}

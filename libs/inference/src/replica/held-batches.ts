import type { Batch } from '../scheduling/batch.js';

/** The batches that a replica has and has not answered, oldest first. */
export class HeldBatches {
  private readonly batches = new Map<number, Batch>();
  /** Made anew with each change: it is read several times for every call that arrives. */
  private summary: Summary = summaryOf([]);
  private onEmpty: (() => void) | undefined;

  get isEmpty(): boolean {
    return this.batches.size === 0;
  }

  get items(): number {
    return this.summary.items;
  }

  /** Items of batches that are worked on one after the other: all but costly ones. */
  get serialItems(): number {
    return this.summary.serialItems;
  }

  get hasCostly(): boolean {
    return this.summary.hasCostly;
  }

  /** Whether it holds a batch that was held before by a replica that died. */
  get hasSuspect(): boolean {
    return this.summary.hasSuspect;
  }

  add(batch: Batch): void {
    this.batches.set(batch.id, batch);
    this.changed();
  }

  /** Removes and returns the batch of this id; undefined when an answer with so many outcomes cannot be its answer. */
  claim(id: number, outcomes: number): Batch | undefined {
    const batch = this.batches.get(id);
    if (batch?.items.length !== outcomes) return undefined;
    this.batches.delete(id);
    this.changed();
    return batch;
  }

  all(): Batch[] {
    return [...this.batches.values()];
  }

  removeAll(): Batch[] {
    const all = this.all();
    this.batches.clear();
    this.changed();
    return all;
  }

  /** Resolves when it holds nothing any more. Must be waited for by one at a time. */
  drained(): Promise<void> {
    return new Promise((resolve) => (this.onEmpty = resolve));
  }

  private changed(): void {
    this.summary = summaryOf(this.batches.values());
    if (this.isEmpty) this.onEmpty?.();
  }
}

interface Summary {
  readonly items: number;
  readonly serialItems: number;
  readonly hasCostly: boolean;
  readonly hasSuspect: boolean;
}

function summaryOf(batches: Iterable<Batch>): Summary {
  const summary = { items: 0, serialItems: 0, hasCostly: false, hasSuspect: false };
  for (const { items, workClass, deaths } of batches) {
    summary.items += items.length;
    if (workClass === 'costly') summary.hasCostly = true;
    else summary.serialItems += items.length;
    if (deaths > 0) summary.hasSuspect = true;
  }
  return summary;
}

import type { Batch } from '../scheduling/batch.js';

/** The batches that a replica has and has not answered, oldest first. */
export class HeldBatches {
  private readonly batches = new Map<number, Batch>();
  private onEmpty: (() => void) | undefined;

  get isEmpty(): boolean {
    return this.batches.size === 0;
  }

  get items(): number {
    return this.countItems(() => true);
  }

  /** Items of batches that are worked on one after the other: all but costly ones. */
  get serialItems(): number {
    return this.countItems(({ workClass }) => workClass !== 'costly');
  }

  get hasCostly(): boolean {
    for (const { workClass } of this.batches.values()) if (workClass === 'costly') return true;
    return false;
  }

  /** Whether it holds a batch that was held before by a replica that died. */
  get hasSuspect(): boolean {
    for (const batch of this.batches.values()) if (batch.deaths > 0) return true;
    return false;
  }

  add(batch: Batch): void {
    this.batches.set(batch.id, batch);
  }

  /** Removes and returns the batch of this id; undefined when an answer with so many outcomes cannot be its answer. */
  claim(id: number, outcomes: number): Batch | undefined {
    const batch = this.batches.get(id);
    if (batch?.items.length !== outcomes) return undefined;
    this.batches.delete(id);
    this.notifyIfEmpty();
    return batch;
  }

  all(): Batch[] {
    return [...this.batches.values()];
  }

  removeAll(): Batch[] {
    const all = this.all();
    this.batches.clear();
    this.notifyIfEmpty();
    return all;
  }

  /** Resolves when it holds nothing any more. Must be waited for by one at a time. */
  drained(): Promise<void> {
    return new Promise((resolve) => (this.onEmpty = resolve));
  }

  private notifyIfEmpty(): void {
    if (this.isEmpty) this.onEmpty?.();
  }

  private countItems(counts: (batch: Batch) => boolean): number {
    let items = 0;
    for (const batch of this.batches.values()) if (counts(batch)) items += batch.items.length;
    return items;
  }
}

import type { Batch } from '../scheduling/batcher.js';

/** The batches that a replica has and has not answered, oldest first. */
export class HeldBatches {
  private readonly batches = new Map<number, Batch>();

  get isEmpty(): boolean {
    return this.batches.size === 0;
  }

  get items(): number {
    return this.itemsOf(() => true);
  }

  /** Items of batches that are worked on one after the other: all but costly ones. */
  get itemsInLine(): number {
    return this.itemsOf(({ line }) => line !== 'costly');
  }

  get hasCostly(): boolean {
    for (const { line } of this.batches.values()) if (line === 'costly') return true;
    return false;
  }

  /** Whether one is aboard that was aboard when a replica died. */
  get hasSuspect(): boolean {
    for (const batch of this.batches.values()) if (batch.deaths > 0) return true;
    return false;
  }

  add(batch: Batch): void {
    this.batches.set(batch.id, batch);
  }

  /** Gives the batch out, if an answer with `outcomes` outcomes can be its own. */
  claim(id: number, outcomes: number): Batch | undefined {
    const batch = this.batches.get(id);
    if (batch?.riders.length !== outcomes) return undefined;
    this.batches.delete(id);
    return batch;
  }

  all(): Batch[] {
    return [...this.batches.values()];
  }

  takeAll(): Batch[] {
    const all = this.all();
    this.batches.clear();
    return all;
  }

  private itemsOf(counts: (batch: Batch) => boolean): number {
    let items = 0;
    for (const batch of this.batches.values()) if (counts(batch)) items += batch.riders.length;
    return items;
  }
}

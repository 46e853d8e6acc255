import { DomainError } from '#core';
import type { Batch } from './batch.js';
import type { Batcher } from './batcher.js';
import type { QueuedItem } from './submission.js';

/**
 * What happens to a batch whose replica died: try it again, or fail its one item as poison, or nothing since nobody
 * waits for it.
 */
export type RetryVerdict = 'again' | 'poisonous' | 'abandoned';

/** What dead replicas left behind, to be tried again item by item, each alone on a replica. */
export class RetryQueue {
  /** Their `dequeuedAtMs` is when they were lost. */
  private batches: Batch[] = [];

  constructor(private readonly batcher: Batcher) {}

  /** Whether there is none that anybody waits for. Changes nothing. */
  get isEmpty(): boolean {
    return !this.batches.some(isAwaited);
  }

  /**
   * Takes in a batch whose replica died, when `replicasReady` others were ready, and returns what happens to it. An
   * item found to be poison is failed.
   */
  add(lost: Batch, replicasReady = 0): RetryVerdict {
    const { again, poison } = planRetries(lost, this.batcher);
    for (const batch of again) this.batches.push({ ...batch, lost: { atMs: batch.dequeuedAtMs, replicasReady } });
    if (!poison) return again.length > 0 ? 'again' : 'abandoned';
    failPoison(poison);
    return 'poisonous';
  }

  /** The one to try next, without those whose callers have gone while it waited. Changes nothing. */
  first(): Batch | undefined {
    const first = this.batches.find(isAwaited);
    return first && { ...first, items: first.items.filter(isOpen) };
  }

  /** Removes and returns the batch that `first` shows; drops those before it, whose callers have all gone. */
  dequeue(): Batch | undefined {
    const first = this.first();
    this.batches.splice(0, this.batches.findIndex(isAwaited) + 1);
    return first && this.batcher.retry(first, first.items, first.deaths);
  }

  /** Those that wait. Changes nothing. */
  all(): readonly Batch[] {
    return this.batches;
  }

  removeAll(): Batch[] {
    return this.batches.splice(0);
  }
}

/** What to do about a batch whose replica died. */
export interface RetryPlan {
  /** Batches of one item to try again; each must run alone, so that its next death is its own doing. */
  readonly again: Batch[];
  /** The item that kills whatever runs it. */
  readonly poison?: QueuedItem;
}

/**
 * Once more, item by item. The first death may be anybody's doing (an operator's `kill -9`, memory, the other batch
 * that was held), so it costs nothing but that; an item that dies alone after it is poison. So an item that kills, or
 * hangs until it is killed, costs two replicas, however many shared its batch, and keeps nobody else's work waiting but
 * for its own time. In whole or in halves it would be cheaper where nobody is to blame, and cost another replica, and
 * the longest run there is, at every step where somebody is. Items whose callers have gone are left out.
 */
export function planRetries(lost: Batch, batcher: Batcher): RetryPlan {
  const items = lost.items.filter(isOpen);
  const deaths = lost.deaths + 1;
  const [first] = items;
  if (first && deaths > 1 && lost.items.length === 1) return { again: [], poison: first };
  return { again: items.map((queued) => batcher.retry(lost, [queued], deaths)) };
}

function isOpen({ submission }: QueuedItem): boolean {
  return submission.isOpen;
}

function isAwaited({ items }: Batch): boolean {
  return items.some(isOpen);
}

function failPoison({ submission, index }: QueuedItem): void {
  const error = new DomainError(
    'item_poisonous',
    'Each process that tried to encode this item crashed. It is left out; the other items are not affected. ' +
      'Check that it is a sound image or text, or send it in another form.',
  );
  submission.settle(index, { ok: false, error });
}

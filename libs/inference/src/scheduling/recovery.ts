import { DomainError, type Tower } from '#core';
import type { Batch } from './batch.js';
import type { Batcher } from './batcher.js';
import type { Rider } from './submission.js';

/** What happens to a batch whose replica died: try it again, or fail its one item as poison, or nothing since nobody waits for it. */
export type RetryVerdict = 'again' | 'poisonous' | 'abandoned';

/** The batches that dead replicas left behind, to be tried again, each alone. */
export class Suspects {
  /** Their `takenAtMs` is when they were lost. */
  private batches: Batch[] = [];

  constructor(private readonly batcher: Batcher) {}

  /** Whether there is none that anybody waits for. Changes nothing. */
  get isEmpty(): boolean {
    return !this.batches.some(isAwaited);
  }

  /** Takes in a batch whose replica died, and answers what becomes of it. An item found to be poison is failed. */
  add(lost: Batch): RetryVerdict {
    const { again, poison } = judge(lost, this.batcher);
    this.batches.push(...again);
    if (!poison) return again.length > 0 ? 'again' : 'abandoned';
    failPoison(poison);
    return 'poisonous';
  }

  /** The one to try next, without those whose callers have gone while it waited. Changes nothing. */
  first(): Batch | undefined {
    const first = this.batches.find(isAwaited);
    return first && { ...first, riders: first.riders.filter(isOpen) };
  }

  /**
   * Takes out of the one that `first` showed what goes now to a replica that should get so many items at once; drops those
   * before it, whose callers have all gone.
   */
  take(ableOf: (tower: Tower) => number): Batch | undefined {
    const first = this.first();
    this.batches.splice(0, this.batches.findIndex(isAwaited) + 1);
    if (!first) return undefined;
    const able = ableOf(first.tower);
    const left = first.riders.slice(able);
    if (left.length > 0) this.batches.unshift({ ...first, riders: left });
    return this.batcher.again(first, first.riders.slice(0, able), first.deaths);
  }

  takeAll(): Batch[] {
    return this.batches.splice(0);
  }
}

/** What to do about a batch whose replica died. */
export interface Verdict {
  /** Batches to try again; each must ride alone, so that its next death is its own doing. */
  readonly again: Batch[];
  /** The item that kills whatever runs it. */
  readonly poison?: Rider;
}

/**
 * Whole once more, then in halves, until the item that kills is alone. The first death may be anybody's doing (an
 * operator's `kill -9`, memory, the other batch on board), so it costs nothing but a retry; a lone item is poison after
 * its second. Riders whose callers have gone are left out, but one that was aboard may have been the one that kills: who is
 * left over alone is tried once more, alone.
 */
export function judge(lost: Batch, batcher: Batcher): Verdict {
  const riders = lost.riders.filter(isOpen);
  const deaths = lost.deaths + 1;
  const [first] = riders;
  if (!first) return { again: [] };
  if (deaths === 1) return { again: [batcher.again(lost, riders, deaths)] };
  if (lost.riders.length === 1) return { again: [], poison: first };
  const middle = Math.ceil(riders.length / 2);
  const halves = [riders.slice(0, middle), riders.slice(middle)].filter((half) => half.length > 0);
  return { again: halves.map((half) => batcher.again(lost, half, deaths)) };
}

function isOpen({ submission }: Rider): boolean {
  return submission.isOpen;
}

function isAwaited({ riders }: Batch): boolean {
  return riders.some(isOpen);
}

function failPoison({ submission, index }: Rider): void {
  const error = new DomainError(
    'item_poisonous',
    'Each process that tried to encode this item crashed. It is left out; the other items are not affected. ' +
      'Check that it is a sound image or text, or send it in another form.',
  );
  submission.settle(index, { ok: false, error });
}

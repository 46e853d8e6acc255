import type { Batch, Batcher } from './batcher.js';
import type { Rider } from './submission.js';

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
  const riders = lost.riders.filter((rider) => rider.submission.isOpen);
  const deaths = lost.deaths + 1;
  const [first] = riders;
  if (!first) return { again: [] };
  if (deaths === 1) return { again: [batcher.again(lost, riders, deaths)] };
  if (lost.riders.length === 1) return { again: [], poison: first };
  const middle = Math.ceil(riders.length / 2);
  const halves = [riders.slice(0, middle), riders.slice(middle)].filter((half) => half.length > 0);
  return { again: halves.map((half) => batcher.again(lost, half, deaths)) };
}

import type { Placement } from '../devices/placement.js';
import type { BatchResult } from '../wire/messages-from-replica.js';
import type { Batch } from '../scheduling/batch.js';

/**
 * What the pool hears of its replicas. The pool makes one listener and hands it down to each replica and each of its
 * runs, which call it themselves: nothing in between forwards what they say.
 */
export interface ReplicaListener {
  /** There may be room for a batch. */
  hasRoom(): void;
  /**
   * The replica of this placement has answered a batch; results stand in the order of the batch's items, and its times
   * are on the pool's clock.
   */
  answered(placement: Placement, batch: Batch, result: BatchResult): void;
  /** It died with these batches, oldest first; their items belong to the pool again. */
  lost(placement: Placement, batches: readonly Batch[]): void;
  /** Its state has changed, or the reason of its state. */
  changed(replica: ReplicaSnapshot): void;
}

/**
 * The states of a replica: `starting` loads, `ready` serves, `restarting` died and waits for its next start, `failed`
 * could not load and will try again, `stopping` finishes what it holds, `stopped` is gone for good.
 */
export type ReplicaState = 'starting' | 'ready' | 'restarting' | 'failed' | 'stopping' | 'stopped';

/** One replica, as the console shows it. */
export interface ReplicaSnapshot {
  readonly name: string;
  readonly device: string;
  readonly state: ReplicaState;
  /** Why it is in this state, when that is not plain: how it died, why it did not load. */
  readonly reason: string | undefined;
  /** Since when it is in this state, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** Memory of its process; undefined where it cannot be read, or has not been yet. */
  readonly rssBytes: number | undefined;
  readonly pid: number | undefined;
  /** Starts after the first. */
  readonly restarts: number;
  readonly itemsInFlight: number;
  readonly lastForwardAgeMs: number | undefined;
}

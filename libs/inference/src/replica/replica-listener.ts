import type { BatchResult } from '../wire/messages-from-replica.js';
import type { Batch } from '../scheduling/batch.js';
import type { ReplicaSnapshot } from './replica-snapshot.js';

/**
 * What the pool hears of its replicas. The pool makes one listener and hands it down to each replica and each of its runs, which
 * call it themselves: nothing in between forwards what they say.
 */
export interface ReplicaListener {
  /** There may be room for a batch. */
  hasRoom(): void;
  /** The replica of this name has answered a batch; results stand in the order of the batch's items. */
  answered(replica: string, batch: Batch, result: BatchResult): void;
  /** It died with these batches, oldest first; their items belong to the pool again. */
  lost(replica: string, batches: readonly Batch[]): void;
  /** Its state has changed, or the reason of its state. */
  changed(replica: ReplicaSnapshot): void;
}

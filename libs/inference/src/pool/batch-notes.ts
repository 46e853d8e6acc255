import { BatchTrace, type BatchFacts, type Clock, type RequestTrace, Ride } from '#core';
import type { Encoded } from '#clip';
import type { Placement } from '../devices/placement.js';
import type { ReplicaListener } from '../replica/replica-listener.js';
import type { Batch } from '../scheduling/batch.js';
import type { BatchResult } from '../wire/messages-from-replica.js';

/**
 * Notes each attempt at a batch, answered or lost, in the traces of all requests that rode in it. A batch in which no
 * request is traced costs a look at each of its items.
 */
export class BatchNotes implements Pick<ReplicaListener, 'answered' | 'lost'> {
  constructor(
    private readonly model: string,
    private readonly clock: Clock,
  ) {}

  /** Must be called before the requests get their results: what they do ends with these. */
  answered(placement: Placement, batch: Batch, { prepare, run, outcomes }: BatchResult): void {
    const riders = ridersOf(batch);
    if (riders.size === 0) return;
    const tokensMax = batch.tower === 'textual' ? mostTokens(outcomes) : undefined;
    this.note(riders, {
      ...this.factsOf(placement, batch),
      ...{ prepare, run },
      ...(tokensMax !== undefined && { tokensMax }),
    });
  }

  lost(placement: Placement, batches: readonly Batch[]): void {
    for (const batch of batches) {
      const riders = ridersOf(batch);
      if (riders.size > 0) this.note(riders, { ...this.factsOf(placement, batch), error: 'replica_lost' });
    }
  }

  private note(riders: ReadonlyMap<RequestTrace, Share>, facts: BatchFacts): void {
    const trace = new BatchTrace(facts);
    for (const [rider, { items, enqueuedAtMs, replicasReady }] of riders) {
      const ride = new Ride(trace, rider, items, enqueuedAtMs, replicasReady);
      trace.riders.push(ride);
      rider.addRide(ride);
    }
  }

  private factsOf({ replica, device }: Placement, { tower, items, deaths, reason, dequeuedAtMs }: Batch): BatchFacts {
    const { model, clock } = this;
    return {
      ...{ model, replica, device, tower, reason },
      items: items.length,
      bytes: items.reduce((sum, { bytes }) => sum + bytes, 0),
      attempt: deaths + 1,
      whole: { startMs: dequeuedAtMs, endMs: clock.now() },
    };
  }
}

/** What one request has in a batch. */
interface Share {
  items: number;
  /** When the first of them began to wait, for this attempt. */
  enqueuedAtMs: number;
  /** How many replicas could have taken it then. */
  replicasReady: number;
}

function ridersOf({ items, lost }: Batch): Map<RequestTrace, Share> {
  const riders = new Map<RequestTrace, Share>();
  for (const { submission, enqueuedAtMs: firstAtMs } of items) {
    const { trace } = submission;
    if (!trace) continue;
    const { atMs: enqueuedAtMs, replicasReady } = lost ?? { atMs: firstAtMs, replicasReady: submission.replicasReady };
    const share = riders.get(trace);
    if (!share) riders.set(trace, { items: 1, enqueuedAtMs, replicasReady });
    else {
      share.items += 1;
      if (enqueuedAtMs < share.enqueuedAtMs) Object.assign(share, { enqueuedAtMs, replicasReady });
    }
  }
  return riders;
}

/** Of the longest text; undefined when none was encoded. */
function mostTokens(outcomes: readonly Encoded[]): number | undefined {
  let most: number | undefined;
  for (const outcome of outcomes)
    if (outcome.ok && outcome.tokens !== undefined) most = Math.max(most ?? 0, outcome.tokens);
  return most;
}

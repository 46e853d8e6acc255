import { BatchTrace, type BatchFacts, type Clock, type ErrorCode, type RequestTrace, Ride } from '#core';
import type { Encoded } from '#clip';
import type { Placement } from '../devices/placement.js';
import type { ReplicaListener } from '../replica/replica-listener.js';
import type { Replica } from '../replica/replica.js';
import type { Batch } from '../scheduling/batch.js';
import type { Submission } from '../scheduling/submission.js';
import type { BatchResult } from '../wire/messages-from-replica.js';

/** Where the items of a call are that ends before its answer. */
export interface Whereabouts {
  /** How many waited in the queue. */
  readonly waiting: number;
  /** Batches that wait to be tried again, its own among them. */
  readonly retries: readonly Batch[];
  /** What holds batches, its own among them. */
  readonly replicas: readonly Pick<Replica, 'placement' | 'held'>[];
}

/**
 * Notes each attempt at a batch, answered or lost, in the traces of all requests that rode in it; and of a request that
 * ends before its answer, where its items were. A batch in which no request is traced costs a look at each of its
 * items.
 */
export class BatchNotes implements Pick<ReplicaListener, 'answered' | 'lost'> {
  constructor(
    private readonly model: string,
    private readonly clock: Clock,
  ) {}

  /** Returns the trace of the batch; undefined when no request in it is traced. */
  answered(placement: Placement, batch: Batch, { prepare, run, outcomes }: BatchResult): BatchTrace | undefined {
    const riders = ridersOf(batch);
    if (!riders) return undefined;
    const tokensMax = batch.tower === 'textual' ? mostTokens(outcomes) : undefined;
    return this.note(riders, {
      ...this.factsOf(placement, batch),
      ...{ prepare, run },
      ...(tokensMax !== undefined && { tokensMax }),
    });
  }

  lost(placement: Placement, batches: readonly Batch[]): void {
    for (const batch of batches) {
      const riders = ridersOf(batch);
      if (riders) this.note(riders, { ...this.factsOf(placement, batch), error: 'replica_lost' });
    }
  }

  /** Notes parts as those of the rides that did not come to be: `queue` for what waited, `run` for what was held. */
  unfinished(
    trace: RequestTrace,
    submission: Submission,
    error: ErrorCode,
    { waiting, retries, replicas }: Whereabouts,
  ): void {
    const endMs = this.clock.now();
    const queued = (startMs: number, items: number, replicasReady: number): void => {
      const attributes = { 'clip.items': items, 'clip.replicas_ready': replicasReady };
      if (items > 0) trace.add({ name: 'queue', startMs, endMs, attributes, error });
    };
    queued(submission.items[0]?.enqueuedAtMs ?? endMs, waiting, submission.replicasReady);
    for (const batch of retries)
      queued(batch.lost?.atMs ?? endMs, shareOf(submission, batch), batch.lost?.replicasReady ?? 0);
    for (const { placement, held } of replicas) {
      for (const batch of held.all()) {
        const items = shareOf(submission, batch);
        const attributes = {
          ...{ 'clip.model': this.model, 'clip.replica': placement.replica, 'clip.device': placement.device },
          ...{ 'clip.attempt': batch.deaths + 1, 'clip.items': items, 'clip.batch.items': batch.items.length },
        };
        if (items > 0) trace.add({ name: 'run', startMs: batch.dequeuedAtMs, endMs, attributes, error });
      }
    }
  }

  private note(riders: ReadonlyMap<RequestTrace, Share>, facts: BatchFacts): BatchTrace {
    const trace = new BatchTrace(facts);
    for (const [rider, { items, enqueuedAtMs, replicasReady }] of riders) {
      const ride = new Ride(trace, rider, items, enqueuedAtMs, replicasReady);
      trace.riders.push(ride);
      rider.addRide(ride);
    }
    return trace;
  }

  private factsOf({ replica, device }: Placement, batch: Batch): BatchFacts {
    const { model, clock } = this;
    const { tower, items, itemsMax, deaths, reason, dequeuedAtMs } = batch;
    return {
      ...{ model, replica, device, tower, reason, itemsMax },
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

/** Undefined when no request in the batch is traced. */
function ridersOf({ items, lost }: Batch): Map<RequestTrace, Share> | undefined {
  let riders: Map<RequestTrace, Share> | undefined;
  for (const { submission, enqueuedAtMs: firstAtMs } of items) {
    const { trace } = submission;
    if (!trace) continue;
    riders ??= new Map();
    const enqueuedAtMs = lost ? lost.atMs : firstAtMs;
    const share = riders.get(trace);
    if (share && share.enqueuedAtMs <= enqueuedAtMs) share.items += 1;
    else {
      const replicasReady = lost ? lost.replicasReady : submission.replicasReady;
      riders.set(trace, { items: (share?.items ?? 0) + 1, enqueuedAtMs, replicasReady });
    }
  }
  return riders;
}

/** How many items of the call are in the batch. */
function shareOf(submission: Submission, { items }: Batch): number {
  return items.reduce((sum, queued) => sum + (queued.submission === submission ? 1 : 0), 0);
}

/** Of the longest text; undefined when none was encoded. */
function mostTokens(outcomes: readonly Encoded[]): number | undefined {
  let most: number | undefined;
  for (const outcome of outcomes)
    if (outcome.ok && outcome.tokens !== undefined) most = Math.max(most ?? 0, outcome.tokens);
  return most;
}

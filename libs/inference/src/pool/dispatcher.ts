import { DomainError, type ErrorCode, type ItemResult, type Tower } from '#core';
import type { Encoded } from '#clip';
import type { Placement } from '../devices/placement.js';
import type { Batch } from '../scheduling/batch.js';
import type { Batcher } from '../scheduling/batcher.js';
import type { BatchResult } from '../wire/messages-from-replica.js';
import type { BatchNotes } from './batch-notes.js';
import type { BatchEvent, BatchLostEvent } from './pool-events.js';
import type { ReplicaSet } from './replica-set.js';
import type { ItemQueue } from '../scheduling/queue.js';
import { RetryQueue } from '../scheduling/retry-queue.js';
import type { Replica } from '../replica/replica.js';
import type { ReplicaListener } from '../replica/replica-listener.js';
import type { Submission } from '../scheduling/submission.js';

/** What a dispatcher reports; the pool adds its model's name. */
export interface DispatcherEvents {
  batch(event: Omit<BatchEvent, 'model'>): void;
  batchLost(event: Omit<BatchLostEvent, 'model'>): void;
  /** A call of so many items was refused with `queue_full`. */
  refused(items: number): void;
  /** There is less to do than before: a batch was answered or lost, or a caller who waited has gone. */
  eased(): void;
}

/**
 * Brings waiting items to replicas and results back to their calls. An item is at one place at a time: in the queue, in
 * a batch that a replica holds, or in the retry queue; so none is lost and none is answered twice.
 */
export class Dispatcher implements Pick<ReplicaListener, 'answered' | 'lost'> {
  private readonly retries: RetryQueue;

  constructor(
    private readonly queue: ItemQueue,
    private readonly batcher: Batcher,
    private readonly replicas: Pick<ReplicaSet, 'all' | 'everyone' | 'readyCount'>,
    private readonly notes: BatchNotes,
    private readonly events: DispatcherEvents,
  ) {
    this.retries = new RetryQueue(batcher);
  }

  /** True when nothing waits and no replica holds anything. */
  get isIdle(): boolean {
    return this.queue.size === 0 && this.retries.isEmpty && this.replicas.everyone.every(({ held }) => held.isEmpty);
  }

  /** Queues a call until its caller goes away. Throws `queue_full`. */
  add(submission: Submission): void {
    this.enqueue(submission);
    this.batcher.noteArrival();
    this.dispatch();
    submission.watchAbort(({ code }) => {
      this.forget(submission, code, this.retries.all());
      this.events.eased();
    });
  }

  /** Sends batches until no replica has room or nothing that waits should go yet. */
  dispatch(): void {
    while (this.sendOne());
  }

  answered(placement: Placement, batch: Batch, batchResult: BatchResult): void {
    // Before the requests get their results: what they do ends with these.
    const trace = this.notes.answered(placement, batch, batchResult);
    const { replica, device } = placement;
    const { outcomes, prepareMs, runMs } = batchResult;
    const batchSize = batch.items.length;
    let queueMs = 0;
    let failed = 0;
    batch.items.forEach((queued, n) => {
      const waitedMs = batch.dequeuedAtMs - queued.enqueuedAtMs;
      const timing = { queueMs: waitedMs, prepareMs, runMs, batchSize, replica };
      const result = resultOf(outcomes[n], timing);
      queueMs = Math.max(queueMs, waitedMs);
      if (!result.ok) failed += 1;
      queued.submission.settle(queued.index, result);
    });
    const { tower, reason, itemsMax } = batch;
    const event = { replica, device, tower, reason, size: batchSize, itemsMax };
    this.events.batch({ ...event, failed, queueMs, prepareMs, runMs, trace });
    this.events.eased();
  }

  /** Takes back the batches that a dead replica held. */
  lost(placement: Placement, batches: readonly Batch[]): void {
    this.notes.lost(placement, batches);
    const { readyCount } = this.replicas;
    for (const batch of batches) {
      const verdict = this.retries.add(batch, readyCount);
      const { tower, items } = batch;
      this.events.batchLost({ replica: placement.replica, tower, size: items.length, verdict });
    }
    this.dispatch();
    this.events.eased();
  }

  /** Fails every call that has items in the queue, at a replica or in the retry queue. */
  failAll(error: DomainError): void {
    const retries = this.retries.removeAll();
    const batches = [...retries, ...this.replicas.everyone.flatMap((replica) => replica.held.all())];
    const inBatches = batches.flatMap(({ items }) => items.map(({ submission }) => submission));
    for (const submission of new Set([...this.queue.calls, ...inBatches])) {
      if (!submission.isOpen) continue;
      this.forget(submission, error.code, retries);
      submission.fail(error);
    }
  }

  /** Lets go of what waits of a call that ends before its answer, and notes where its items were. */
  private forget(submission: Submission, error: ErrorCode, retries: readonly Batch[]): void {
    const waiting = this.queue.remove(submission);
    if (submission.trace)
      this.notes.unfinished(submission.trace, submission, error, {
        waiting,
        retries,
        replicas: this.replicas.everyone,
      });
  }

  private enqueue(submission: Submission): void {
    try {
      this.queue.add(submission);
    } catch (error) {
      this.events.refused(submission.items.length);
      throw error;
    }
  }

  /** The replica that holds the fewest items gets a batch first. */
  private sendOne(): boolean {
    const withRoom = this.replicas.all.filter((replica) => replica.hasRoom);
    if (withRoom.length > 1) withRoom.sort((a, b) => a.held.serialItems - b.held.serialItems);
    for (const replica of withRoom) {
      const batch = this.nextBatch(replica);
      if (!batch) continue;
      replica.send(batch);
      return true;
    }
    return false;
  }

  /**
   * A suspect batch goes to a replica that has passed a forward run since the batch was lost: a replica that died
   * unnoticed at the same time (an operator's `killall`, a device reset) would make poison of a good item.
   */
  private nextBatch(replica: Replica): Batch | undefined {
    const suspect = this.retries.first();
    if (!suspect) {
      const itemsMaxOf = (tower: Tower) => replica.itemsMax(tower);
      return this.batcher.nextBatch(replica.held.serialItems, itemsMaxOf, (workClass) => replica.hasRoomFor(workClass));
    }
    if (!replica.held.isEmpty || !replica.hasRoomFor(suspect.workClass)) return undefined;
    if (!replica.hasRunSince(suspect.dequeuedAtMs)) {
      replica.requestForwardRun();
      return undefined;
    }
    return this.retries.dequeue();
  }
}

function resultOf(outcome: Encoded | undefined, timing: Extract<ItemResult, { ok: true }>['timing']): ItemResult {
  if (outcome?.ok) return { ...outcome, timing };
  return { ok: false, error: outcome?.error ?? DomainError.from(new Error('a batch came back with too few outcomes')) };
}

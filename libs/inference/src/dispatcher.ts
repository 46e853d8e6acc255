import { DomainError, type ItemResult } from '#core';
import type { Encoded } from '#clip';
import type { Batch, Batcher } from './batcher.js';
import type { BatchResult } from './messages-from-replica.js';
import type { BatchEvent, BatchLostEvent } from './pool-events.js';
import type { ItemQueue } from './queue.js';
import { judge } from './recovery.js';
import type { Replica } from './replica.js';
import type { Rider, Submission } from './submission.js';

/** What a dispatcher reports; the pool adds its model's name. */
export interface DispatcherEvents {
  batch(event: Omit<BatchEvent, 'model'>): void;
  batchLost(event: Omit<BatchLostEvent, 'model'>): void;
}

/** The replicas as they come and go. */
export interface Crewed {
  /** Those that get work. */
  readonly all: readonly Replica[];
  /** Those and the ones that only finish what they hold. */
  readonly everyone: readonly Replica[];
}

/**
 * Brings waiting items to replicas and results back to their calls. An item is at one place at a time: in the queue, in
 * a batch that a replica holds, or in a suspect batch; so none is lost and none is answered twice.
 */
export class Dispatcher {
  /** Batches whose replica died, to be tried again alone; their `takenAtMs` is when they were lost. */
  private suspects: Batch[] = [];

  constructor(
    private readonly queue: ItemQueue,
    private readonly batcher: Batcher,
    private readonly crew: Crewed,
    private readonly events: DispatcherEvents,
  ) {}

  /** True when nothing waits and no replica holds anything. */
  get isQuiet(): boolean {
    return (
      this.queue.size === 0 && this.suspects.length === 0 && this.crew.everyone.every((replica) => replica.held.isEmpty)
    );
  }

  /** Queues a call, or throws `queue_full`. */
  add(submission: Submission): void {
    this.queue.add(submission);
    this.batcher.arrived();
    this.dispatch();
  }

  /** Hands out batches until no replica has room or nothing that waits should go yet. */
  dispatch(): void {
    while (this.sendOne());
  }

  answered(replica: Replica, batch: Batch, { outcomes, prepareMs, runMs }: BatchResult): void {
    const batchSize = batch.riders.length;
    let queueMs = 0;
    let failed = 0;
    batch.riders.forEach((rider, n) => {
      const waitedMs = batch.takenAtMs - rider.enqueuedAtMs;
      const timing = { queueMs: waitedMs, prepareMs, runMs, batchSize, replica: replica.placement.replica };
      const result = resultOf(outcomes[n], timing);
      queueMs = Math.max(queueMs, waitedMs);
      if (!result.ok) failed += 1;
      rider.submission.settle(rider.index, result);
    });
    const { tower } = batch;
    this.events.batch({
      replica: replica.placement.replica,
      tower,
      size: batchSize,
      failed,
      queueMs,
      prepareMs,
      runMs,
    });
  }

  /** Takes back what a dead replica held. */
  lost(replica: Replica, batches: readonly Batch[]): void {
    for (const batch of batches) this.recover(replica, batch);
    this.dispatch();
  }

  /** Fails every call that waits or rides. */
  failAll(error: DomainError): void {
    this.queue.failAll(error);
    const taken = [...this.suspects, ...this.crew.everyone.flatMap((replica) => replica.held.all())];
    for (const { riders } of taken) for (const rider of riders) rider.submission.fail(error);
    this.suspects = [];
  }

  /** The freest replica chooses first. */
  private sendOne(): boolean {
    const withRoom = this.crew.all.filter((replica) => replica.hasRoom);
    if (withRoom.length > 1) withRoom.sort((a, b) => a.held.items - b.held.items);
    for (const replica of withRoom) {
      const batch = this.next(replica);
      if (!batch) continue;
      replica.send(batch);
      return true;
    }
    return false;
  }

  /**
   * A suspect batch goes to a replica that has shown, since the batch was lost, that it lives: one that died unnoticed at
   * the same time (an operator's `killall`, a device reset) would make poison of a good item.
   */
  private next(replica: Replica): Batch | undefined {
    const suspect = this.nextSuspect();
    if (!suspect) return this.batcher.take(replica.held.items);
    if (!replica.held.isEmpty) return undefined;
    if (!replica.hasRunSince(suspect.takenAtMs)) {
      replica.prove();
      return undefined;
    }
    this.suspects.shift();
    return this.batcher.again(suspect, suspect.riders, suspect.deaths);
  }

  /** Callers may have gone while their batch waited for its second chance. */
  private nextSuspect(): Batch | undefined {
    for (let first = this.suspects[0]; first; first = this.suspects[0]) {
      const riders = first.riders.filter((rider) => rider.submission.isOpen);
      if (riders.length > 0) return { ...first, riders };
      this.suspects.shift();
    }
    return undefined;
  }

  private recover(replica: Replica, lost: Batch): void {
    const { again, poison } = judge(lost, this.batcher);
    this.suspects.push(...again);
    if (poison) failPoison(poison);
    const verdict = poison ? 'poisonous' : again.length > 0 ? 'again' : 'abandoned';
    const { tower } = lost;
    this.events.batchLost({ replica: replica.placement.replica, tower, size: lost.riders.length, verdict });
  }
}

function resultOf(outcome: Encoded | undefined, timing: Extract<ItemResult, { ok: true }>['timing']): ItemResult {
  if (outcome?.ok) return { ...outcome, timing };
  return { ok: false, error: outcome?.error ?? DomainError.from(new Error('a batch came back with too few outcomes')) };
}

function failPoison(rider: Rider): void {
  const error = new DomainError(
    'item_poisonous',
    'This item brought down each replica that tried it. It is left out; the other items are not affected. ' +
      'Check that it is a sound image or text, or send it in another form.',
  );
  rider.submission.settle(rider.index, { ok: false, error });
}

import { abortError, DomainError, type EncodeItem, type ItemResult, type ModelInfo, type RequestContext } from '#core';
import { BatchNotes } from './batch-notes.js';
import { Batcher } from '../scheduling/batcher.js';
import { Dispatcher } from './dispatcher.js';
import type { EncodePool } from './encode-pool.js';
import { healthOf } from './health.js';
import { IdleGate } from './idle.js';
import type { PlacementSlot } from '../devices/placement.js';
import { queueDetail, replicaDetail } from './pool-detail.js';
import type { PoolDetail, PoolHealth, PoolSnapshot } from './pool-events.js';
import type { PoolOptions } from './pool-options.js';
import type { ReplicaSnapshot } from '../replica/replica-listener.js';
import { ItemQueue } from '../scheduling/queue.js';
import { ReplicaSet } from './replica-set.js';
import { RetryEstimator } from '../scheduling/throughput.js';
import { Submission } from '../scheduling/submission.js';

/** How a start is waited for. */
export interface StartOptions {
  /** Ends the start: it rejects as the signal says. Default: nothing ends it. */
  readonly signal?: AbortSignal;
  /** Resolve when the first replica is ready, and the others join when they are (the default), or when all are. */
  readonly until?: 'first' | 'all';
}

/**
 * Starts the replicas of one model in parallel and resolves with the pool when it is ready. Rejects, with no process
 * left behind, when no replica can load the model (with the reason that the load gave) or when each died three times in
 * loading; with `until: 'all'`, when that is so of one of them.
 *
 * @example
 * const options = { ...POOL_DEFAULTS, name, folder, imageLimits, clock: systemClock, log: () => undefined };
 * const pool = await startPool(options);
 * const [result] = await pool.submit([{ kind: 'text', text: 'a cat' }], context);
 * await pool.drain();
 */
export async function startPool(
  options: PoolOptions,
  { signal, until = 'first' }: StartOptions = {},
): Promise<ModelPool> {
  const pool = new ModelPool(options);
  const onAbort = (): void => void pool.close();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await pool.start();
    if (until === 'all') await pool.allReady();
    if (signal?.aborted) throw abortError(signal);
    return pool;
  } catch (error) {
    await pool.close();
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

/** The part of a pool that a plan compares. */
export interface PoolShape {
  readonly name: string;
  /** Ready ones first: a plan keeps the first that are in a slot where one should be. */
  readonly replicas: readonly { readonly name: string; readonly device: string; readonly threads: number }[];
  readonly batchItemsMax: number;
  /** Undefined = no ceiling. */
  readonly rssBytesMax: number | undefined;
}

/** One model as it is served: its queue, the dispatcher, and the replicas that do the work. */
export class ModelPool implements EncodePool {
  private readonly queue: ItemQueue;
  private readonly batcher: Batcher;
  private readonly dispatcher: Dispatcher;
  private readonly replicas: ReplicaSet;
  private readonly retry = new RetryEstimator();
  private readonly idleGate = new IdleGate(() => this.dispatcher.isIdle);
  private refusal: DomainError | undefined;
  private draining: Promise<void> | undefined;

  constructor(private readonly options: PoolOptions) {
    const { name: model, observer } = options;
    this.queue = new ItemQueue(
      model,
      { itemsMax: options.queueItemsMax, bytesMax: options.queueBytesMax },
      (itemsAhead) => this.retry.estimateMs(itemsAhead, this.health().replicasReady),
    );
    const limits = { itemsMax: options.batchItemsMax, bytesMax: options.batchBytesMax };
    this.batcher = new Batcher(this.queue, limits, options.clock);
    this.replicas = new ReplicaSet(options, {
      hasRoom: () => this.dispatcher.dispatch(),
      answered: (placement, batch, result) => this.dispatcher.answered(placement, batch, result),
      lost: (placement, batches) => this.dispatcher.lost(placement, batches),
      changed: (replica) => this.replicaChanged(replica),
    });
    this.dispatcher = new Dispatcher(this.queue, this.batcher, this.replicas, new BatchNotes(model, options.clock), {
      batch: (event) => {
        this.retry.observe(event.size, event.prepareMs + event.runMs);
        observer?.onBatch?.({ model, ...event });
      },
      batchLost: (event) => observer?.onBatchLost?.({ model, ...event }),
      refused: (items) => observer?.onRefused?.({ model, items }),
      eased: () => this.idleGate.update(),
    });
  }

  /** What the model's files say. Throws `unavailable` before the first replica is ready. */
  get info(): ModelInfo {
    if (this.replicas.info) return this.replicas.info;
    throw new DomainError('unavailable', `The model ${this.options.name} is still loading. Try again in a moment.`);
  }

  /** Starts the replicas. Must be called once. */
  start(): Promise<void> {
    return this.replicas.start();
  }

  async submit(items: readonly EncodeItem[], context: RequestContext): Promise<ItemResult[]> {
    if (context.signal.aborted) throw abortError(context.signal);
    const refusal = this.refusal ?? this.replicas.outage;
    if (refusal) throw refusal;
    if (items.length === 0) return [];
    const replicasReady = context.trace ? this.replicas.readyCount : 0;
    const submission = new Submission(items, context, this.options.clock.now(), replicasReady);
    this.dispatcher.add(submission);
    return submission.answer;
  }

  health(): PoolHealth {
    return healthOf(this.replicas.all.map((replica) => replica.snapshot()));
  }

  snapshot(): PoolSnapshot {
    const { oldestAtMs, size, bytes, calls } = this.queue;
    const oldestAgeMs = oldestAtMs === undefined ? 0 : this.options.clock.now() - oldestAtMs;
    return {
      model: this.options.name,
      queue: { items: size, bytes, oldestAgeMs, requests: calls.size },
      replicas: this.replicas.everyone.map((replica) => replica.snapshot()),
      itemsPerSecond: {
        textual: this.replicas.itemsPerSecond('textual'),
        visual: this.replicas.itemsPerSecond('visual'),
      },
    };
  }

  /** As `snapshot`, with what waits by principal and age and what each replica holds; for a look every second or so. */
  detail(): PoolDetail {
    const nowMs = this.options.clock.now();
    const snapshot = this.snapshot();
    return {
      ...snapshot,
      queue: { ...snapshot.queue, ...queueDetail(this.queue, nowMs) },
      replicas: this.replicas.everyone.map((replica) => replicaDetail(replica, nowMs)),
    };
  }

  /**
   * What a plan compares: where its replicas are, and its limits. A replica that leaves is not in it: for plans it is
   * gone.
   */
  get shape(): PoolShape {
    const readyFirst = this.replicas.all.toSorted((a, b) => Number(b.state === 'ready') - Number(a.state === 'ready'));
    return {
      name: this.options.name,
      replicas: readyFirst.map(({ placement: { replica: name, device, threads } }) => ({ name, device, threads })),
      batchItemsMax: this.batcher.itemsMax,
      rssBytesMax: this.replicas.ceiling.bytesMax,
    };
  }

  /** Takes effect at once, without a restart. */
  setLimits({ batchItemsMax, rssBytesMax }: Pick<PoolShape, 'batchItemsMax' | 'rssBytesMax'>): void {
    this.batcher.itemsMax = batchItemsMax;
    this.replicas.ceiling.bytesMax = rssBytesMax;
  }

  /** Resolves when all replicas are ready; rejects with the reason of the first that cannot be. */
  allReady(): Promise<void> {
    return this.replicas.allReady();
  }

  /**
   * Starts one more replica; resolves with its name when it is ready. Rejects, with nothing changed, when it cannot be,
   * or when the signal aborts.
   */
  addReplica(slot: PlacementSlot, signal?: AbortSignal): Promise<string> {
    return this.replicas.addReplica(slot, signal);
  }

  /**
   * Lets a replica finish what it holds and exit; the others take over what waits. Resolves when it is gone. Rejects
   * with `unavailable`, with nothing changed, when it is the only one that is ready.
   */
  removeReplica(name: string): Promise<void> {
    return this.replicas.removeReplica(name);
  }

  /**
   * Puts a fresh replica in the place of another: where that one serves, the fresh one is ready before it goes, so that
   * no request notices. Resolves when the old one is gone. Rejects when the fresh one cannot be started; the old one
   * serves on then. Throws `not_found` for a name that is not there.
   */
  restartReplica(name: string): Promise<void> {
    return this.replicas.restartReplica(name);
  }

  /** Keeps the pool from retiring until the function that it returns is called. Use cases take a lease instead. */
  hold(): () => void {
    return this.idleGate.hold();
  }

  /**
   * Ends the pool when nobody needs it any more: whoever holds it (`hold`) may still submit items, and what was
   * accepted is finished. Resolves when its replicas are gone.
   */
  async retire(): Promise<void> {
    await this.idleGate.drained();
    await this.drain();
  }

  /** Refuses new calls with `shutting_down`, finishes what was accepted, then ends the replicas. */
  drain(): Promise<void> {
    this.refuse();
    this.draining ??= this.idleGate.idle().then(() => this.replicas.drain());
    return this.draining;
  }

  /** Ends the replicas at once; calls that are under way fail with `shutting_down`. A `drain` under way ends too. */
  async close(): Promise<void> {
    this.dispatcher.failAll(this.refuse());
    this.idleGate.open();
    await this.replicas.close();
  }

  private replicaChanged(replica: ReplicaSnapshot): void {
    this.replicas.noteChange(replica);
    const { outage } = this.replicas;
    if (outage) this.dispatcher.failAll(outage);
  }

  private refuse(): DomainError {
    this.refusal ??= new DomainError(
      'shutting_down',
      'The service is shutting down. Send the request again elsewhere or later.',
    );
    return this.refusal;
  }
}

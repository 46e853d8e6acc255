import { abortError, DomainError, type EncodeItem, type ItemResult, type ModelInfo, type RequestContext } from '#core';
import { Batcher } from './batcher.js';
import { Dispatcher } from './dispatcher.js';
import type { EncodePool } from './encode-pool.js';
import { makeReplicas } from './make-replicas.js';
import { outage, startFailure } from './outage.js';
import type { PoolHealth, PoolSnapshot } from './pool-events.js';
import { healthOf } from './pool-health.js';
import type { PoolLogEntry, PoolOptions } from './pool-options.js';
import { ItemQueue } from './queue.js';
import type { Replica, ReplicaOwner } from './replica.js';
import { ServiceRate } from './service-rate.js';
import { Submission } from './submission.js';

/**
 * Starts the replicas of one model in parallel and resolves with the pool when the first is ready; the others join when
 * they are. Rejects, with no process left behind, when no replica can load the model (with the reason that the load
 * gave) or when each died three times in loading.
 */
export async function startPool(options: PoolOptions): Promise<ModelPool> {
  const pool = new ModelPool(options);
  try {
    await pool.start();
    return pool;
  } catch (error) {
    await pool.close();
    throw error;
  }
}

/** One model as it is served: what waits for it and the replicas that work it off. */
export class ModelPool implements EncodePool {
  private readonly replicas: readonly Replica[];
  private readonly queue: ItemQueue;
  private readonly dispatcher: Dispatcher;
  private readonly rate = new ServiceRate();
  private readonly started = Promise.withResolvers<void>();
  private refusal: DomainError | undefined;
  private loaded: ModelInfo | undefined;
  private draining: Promise<void> | undefined;
  private whenQuiet: (() => void) | undefined;

  constructor(private readonly options: PoolOptions) {
    const { clock } = options;
    this.queue = new ItemQueue(
      options.name,
      { itemsMax: options.queueItemsMax, bytesMax: options.queueBytesMax },
      (itemsAhead) => this.rate.estimateMs(itemsAhead, this.health().replicasReady),
    );
    const limits = { itemsMax: options.batchItemsMax, bytesMax: options.batchBytesMax };
    const batcher = new Batcher(this.queue, limits, clock);
    this.replicas = makeReplicas(options, this.ownerOf());
    this.dispatcher = new Dispatcher(this.queue, batcher, this.replicas, {
      batch: (event) => {
        this.rate.observe(event.size, event.prepareMs + event.runMs);
        options.observer?.onBatch?.({ model: options.name, ...event });
      },
      batchLost: (event) => options.observer?.onBatchLost?.({ model: options.name, ...event }),
    });
    this.started.promise.catch(() => undefined);
  }

  /** What the model's files say. Throws `unavailable` before the first replica is ready. */
  get info(): ModelInfo {
    if (this.loaded) return this.loaded;
    throw new DomainError('unavailable', `The model ${this.options.name} is still loading. Try again in a moment.`);
  }

  /** Starts the replicas; called once, by `startPool`. */
  start(): Promise<void> {
    for (const replica of this.replicas) replica.start();
    return this.started.promise;
  }

  async submit(items: readonly EncodeItem[], context: RequestContext): Promise<ItemResult[]> {
    if (context.signal.aborted) throw abortError(context.signal);
    const refusal = this.refusal ?? outage(this.options.name, this.replicas);
    if (refusal) throw refusal;
    if (items.length === 0) return [];
    const submission = new Submission(items, context, this.options.clock.now());
    this.enqueue(submission);
    submission.watchAbort(() => {
      this.queue.remove(submission);
      this.settleQuiet();
    });
    return submission.answer;
  }

  health(): PoolHealth {
    return healthOf(this.replicas.map((replica) => replica.snapshot()));
  }

  snapshot(): PoolSnapshot {
    const { oldestAtMs, size, bytes } = this.queue;
    const oldestAgeMs = oldestAtMs === undefined ? 0 : this.options.clock.now() - oldestAtMs;
    return {
      model: this.options.name,
      queue: { items: size, bytes, oldestAgeMs },
      replicas: this.replicas.map((replica) => replica.snapshot()),
    };
  }

  /** Refuses new calls with `shutting_down`, finishes what was taken, then ends the replicas. */
  drain(): Promise<void> {
    this.refuse();
    this.draining ??= this.finishAndStop();
    return this.draining;
  }

  /** Ends the replicas at once; calls that are under way fail with `shutting_down`. A `drain` under way ends too. */
  async close(): Promise<void> {
    const refusal = this.refuse();
    this.started.reject(refusal);
    this.dispatcher.failAll(refusal);
    const ends = this.replicas.map((replica) => replica.end());
    this.settleQuiet();
    await Promise.all(ends);
  }

  private async finishAndStop(): Promise<void> {
    if (!this.dispatcher.isQuiet) await new Promise<void>((resolve) => (this.whenQuiet = resolve));
    await Promise.all(this.replicas.map((replica) => replica.stop()));
  }

  private enqueue(submission: Submission): void {
    try {
      this.dispatcher.add(submission);
    } catch (error) {
      this.options.observer?.onRefused?.({ model: this.options.name, items: submission.riders.length });
      throw error;
    }
  }

  private refuse(): DomainError {
    this.refusal ??= new DomainError(
      'shutting_down',
      'The service is shutting down. Send the request again elsewhere or later.',
    );
    return this.refusal;
  }

  private settleQuiet(): void {
    if (this.dispatcher.isQuiet) this.whenQuiet?.();
  }

  private ownerOf(): ReplicaOwner {
    return {
      ready: (info) => {
        this.loaded ??= info;
        this.started.resolve();
      },
      hasRoom: () => this.dispatcher.dispatch(),
      answered: (replica, batch, result) => {
        this.dispatcher.answered(replica, batch, result);
        this.settleQuiet();
      },
      lost: (replica, batches) => {
        this.dispatcher.lost(replica, batches);
        this.settleQuiet();
      },
      changed: (replica) => this.changed(replica),
    };
  }

  private changed(replica: Replica): void {
    const { name: model, observer } = this.options;
    const snapshot = replica.snapshot();
    observer?.onReplicaState?.({ model, ...snapshot });
    const isBad = snapshot.state === 'failed' || snapshot.state === 'restarting';
    const why = snapshot.reason === undefined ? '' : `: ${snapshot.reason}`;
    this.log(isBad ? 'warn' : 'info', `${snapshot.state}${why}`, snapshot.name);
    const failure = this.loaded ? undefined : startFailure(model, this.replicas);
    if (failure) this.started.reject(failure);
    const out = outage(model, this.replicas);
    if (out) this.dispatcher.failAll(out);
  }

  private log(level: PoolLogEntry['level'], text: string, replica: string): void {
    this.options.log({ level, text, model: this.options.name, replica });
  }
}

import { availableParallelism } from 'node:os';
import { DomainError, type EncodeItem, type ItemResult, type ModelInfo, type RequestContext } from '#core';
import { Batcher } from './batcher.js';
import { childLinks } from './child-link.js';
import { Dispatcher } from './dispatcher.js';
import type { EncodePool } from './encode-pool.js';
import { outage, startFailure } from './outage.js';
import { place } from './placement.js';
import type { PoolHealth, PoolSnapshot } from './pool-events.js';
import { POOL_DEFAULTS, type PoolLogEntry, type PoolOptions } from './pool-options.js';
import { ItemQueue } from './queue.js';
import { Replica, type ReplicaOwner, type ReplicaSettings } from './replica.js';
import { ServiceRate } from './service-rate.js';
import { abortError, Submission } from './submission.js';

/** A run this young shows that a replica works: two health runs' time. */
const FORWARD_AGE_MS_MAX = 10_000;

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
    this.replicas = this.makeReplicas();
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
    const ready = this.replicas.filter((replica) => replica.state === 'ready');
    const ages = ready.flatMap((replica) => replica.snapshot().lastForwardAgeMs ?? []);
    const lastForwardAgeMs = ages.length > 0 ? Math.min(...ages) : undefined;
    return {
      ready: lastForwardAgeMs !== undefined && lastForwardAgeMs <= FORWARD_AGE_MS_MAX,
      replicasReady: ready.length,
      replicas: this.replicas.length,
      lastForwardAgeMs,
    };
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
  async drain(): Promise<void> {
    this.refuse();
    if (!this.dispatcher.isQuiet) await new Promise<void>((resolve) => (this.whenQuiet = resolve));
    await Promise.all(this.replicas.map((replica) => replica.stop()));
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

  private makeReplicas(): Replica[] {
    const { options } = this;
    const { name: model, replicas, devices, folder, imageLimits, clock, runMsMax } = options;
    const onLine = (replica: string, text: string) => this.log('info', text, replica);
    const settings: ReplicaSettings = {
      openLink:
        options.openLink ??
        childLinks({ entry: options.childEntry, model: { folder, name: model, imageLimits }, onLine }),
      clock,
      runMsMax,
      loadMsMax: options.loadMsMax ?? POOL_DEFAULTS.loadMsMax,
    };
    const placements = place({ model, replicas, devices, cores: options.cores ?? availableParallelism() });
    return placements.map((placement) => new Replica(placement, settings, this.ownerOf()));
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

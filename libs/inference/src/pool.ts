import { abortError, DomainError, type EncodeItem, type ItemResult, type ModelInfo, type RequestContext } from '#core';
import { Batcher } from './batcher.js';
import { Crew } from './crew.js';
import { Dispatcher } from './dispatcher.js';
import type { EncodePool } from './encode-pool.js';
import { MemoryCeiling } from './memory-ceiling.js';
import { outage, startFailure } from './outage.js';
import type { Seat } from './placement.js';
import type { PoolHealth, PoolSnapshot } from './pool-events.js';
import { healthOf } from './pool-health.js';
import type { PoolLogEntry, PoolOptions } from './pool-options.js';
import { ProcessWatch } from './process-watch.js';
import { ItemQueue } from './queue.js';
import { Quiet } from './quiet.js';
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

/** What of a pool a plan compares. */
export interface PoolShape {
  readonly name: string;
  readonly replicas: readonly { readonly name: string; readonly device: string; readonly threads: number }[];
  readonly batchItemsMax: number;
  /** Undefined = no ceiling. */
  readonly rssBytesMax: number | undefined;
}

/** One model as it is served: what waits for it and the replicas that work it off. */
export class ModelPool implements EncodePool {
  private readonly crew: Crew;
  private readonly batcher: Batcher;
  private readonly watch: ProcessWatch;
  private readonly ceiling: MemoryCeiling;
  private readonly queue: ItemQueue;
  private readonly dispatcher: Dispatcher;
  private readonly rate = new ServiceRate();
  private readonly started = Promise.withResolvers<void>();
  private refusal: DomainError | undefined;
  private loaded: ModelInfo | undefined;
  private draining: Promise<void> | undefined;
  private readonly quiet = new Quiet();
  private holders = 0;
  private batchItemsMax: number;
  private rssBytesMax: number | undefined;

  constructor(private readonly options: PoolOptions) {
    const { clock } = options;
    this.queue = new ItemQueue(
      options.name,
      { itemsMax: options.queueItemsMax, bytesMax: options.queueBytesMax },
      (itemsAhead) => this.rate.estimateMs(itemsAhead, this.health().replicasReady),
    );
    const limits = { itemsMax: options.batchItemsMax, bytesMax: options.batchBytesMax };
    this.batchItemsMax = options.batchItemsMax;
    this.rssBytesMax = options.rssBytesMax;
    this.batcher = new Batcher(this.queue, limits, clock);
    this.crew = new Crew(options, this.ownerOf());
    this.ceiling = new MemoryCeiling(clock, {
      replace: (replica) => this.replace(replica),
      log: (level, text, replica) => this.log(level, text, replica),
    });
    this.watch = new ProcessWatch(clock, {
      processes: () => this.crew.everyone,
      looked: () => this.ceiling.check(this.crew.all, this.rssBytesMax),
      probe: options.probe,
    });
    this.dispatcher = new Dispatcher(this.queue, this.batcher, this.crew, {
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
    this.crew.start();
    this.watch.start();
    return this.started.promise;
  }

  async submit(items: readonly EncodeItem[], context: RequestContext): Promise<ItemResult[]> {
    if (context.signal.aborted) throw abortError(context.signal);
    const refusal = this.refusal ?? outage(this.options.name, this.crew.all);
    if (refusal) throw refusal;
    if (items.length === 0) return [];
    const submission = new Submission(items, context, this.options.clock.now());
    this.enqueue(submission);
    submission.watchAbort(() => {
      this.queue.remove(submission);
      this.quiet.look();
    });
    return submission.answer;
  }

  health(): PoolHealth {
    return healthOf(this.crew.all.map((replica) => replica.snapshot()));
  }

  snapshot(): PoolSnapshot {
    const { oldestAtMs, size, bytes } = this.queue;
    const oldestAgeMs = oldestAtMs === undefined ? 0 : this.options.clock.now() - oldestAtMs;
    return {
      model: this.options.name,
      queue: { items: size, bytes, oldestAgeMs },
      replicas: this.crew.everyone.map((replica) => replica.snapshot()),
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
    this.watch.stop();
    const ends = this.crew.everyone.map((replica) => replica.end());
    this.quiet.giveUp();
    await Promise.all(ends);
  }

  /**
   * What of it a plan compares: where its replicas are, and its limits. Of a replica that leaves nothing is said: it is
   * gone already, as far as plans go.
   */
  get shape(): PoolShape {
    return {
      name: this.options.name,
      replicas: this.crew.all.map(({ placement: { replica: name, device, threads } }) => ({ name, device, threads })),
      batchItemsMax: this.batchItemsMax,
      rssBytesMax: this.rssBytesMax,
    };
  }

  /** Resolves when all replicas are ready; rejects with the reason of the first that cannot be. */
  allReady(): Promise<void> {
    return this.crew.allReady();
  }

  /** Starts one more replica; resolves with its name when it is ready, rejects, with nothing changed, when it cannot be. */
  addReplica(seat: Seat): Promise<string> {
    return this.crew.add(seat);
  }

  /** Lets a replica finish what it holds and go; the others take over what waits. Resolves when it is gone. */
  async removeReplica(name: string): Promise<void> {
    await this.crew.remove(name);
  }

  /** Takes effect at once, without a restart. */
  setLimits({ batchItemsMax, rssBytesMax }: Pick<PoolShape, 'batchItemsMax' | 'rssBytesMax'>): void {
    this.batcher.itemsMax = batchItemsMax;
    this.batchItemsMax = batchItemsMax;
    this.rssBytesMax = rssBytesMax;
  }

  hold(): () => void {
    let held = true;
    this.holders += 1;
    return () => {
      if (!held) return;
      held = false;
      this.holders -= 1;
      this.quiet.look();
    };
  }

  /**
   * Ends the pool when nobody needs it any more: whoever holds it (`hold`) may still hand items in, and what was taken is
   * finished. Resolves when its replicas are gone.
   */
  async retire(): Promise<void> {
    await this.quiet.until(() => this.holders === 0 && this.dispatcher.isQuiet);
    await this.drain();
  }

  private async finishAndStop(): Promise<void> {
    await this.quiet.until(() => this.dispatcher.isQuiet);
    this.watch.stop();
    await Promise.all(this.crew.all.map((replica) => replica.stop()));
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

  private async replace(replica: Replica): Promise<void> {
    await this.crew.add(replica.placement);
    await this.crew.remove(replica.placement.replica);
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
        this.quiet.look();
      },
      lost: (replica, batches) => {
        this.dispatcher.lost(replica, batches);
        this.quiet.look();
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
    this.crew.changed(replica);
    const failure = this.loaded ? undefined : startFailure(model, this.crew.all);
    if (failure) this.started.reject(failure);
    const out = outage(model, this.crew.all);
    if (out) this.dispatcher.failAll(out);
  }

  private log(level: PoolLogEntry['level'], text: string, replica: string): void {
    this.options.log({ level, text, model: this.options.name, replica });
  }
}

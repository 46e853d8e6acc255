import { availableParallelism } from 'node:os';
import { DomainError } from '#core';
import { childLinks } from './child-link.js';
import { startFailure } from './outage.js';
import { nextReplicaName, place, type Placement, type Seat } from './placement.js';
import { POOL_DEFAULTS, type PoolOptions } from './pool-options.js';
import { Replica, type ReplicaOwner, type ReplicaSettings } from './replica.js';

/** Waits for one replica to be ready. */
interface Waiting {
  readonly replica: Replica;
  readonly done: PromiseWithResolvers<void>;
}

/** The replicas of a pool as they come and go. */
export class Crew {
  /** Those that belong to the pool now, the same array throughout. */
  readonly all: Replica[] = [];
  private readonly leaving = new Set<Replica>();
  private readonly settings: ReplicaSettings;
  private waiting: Waiting[] = [];

  /** Makes the replicas that the options ask for, none started. Throws `invalid_argument` for devices that cannot be read. */
  constructor(
    private readonly options: PoolOptions,
    private readonly owner: ReplicaOwner,
  ) {
    const { name: model, replicas, devices, cores = availableParallelism() } = options;
    this.settings = {
      openLink: options.openLink ?? childLinksOf(options),
      clock: options.clock,
      runMsMax: options.runMsMax,
      loadMsMax: options.loadMsMax ?? POOL_DEFAULTS.loadMsMax,
    };
    for (const placement of place({ model, replicas, devices, cores })) this.enlist(placement);
  }

  /** Those that have a process or may get one: the pool's own, and those on their way out. */
  get everyone(): readonly Replica[] {
    return [...this.all, ...this.leaving];
  }

  start(): void {
    for (const replica of this.all) replica.start();
  }

  /** Resolves when all are ready; rejects with the reason of the first that cannot be. */
  async allReady(): Promise<void> {
    await Promise.all(this.all.map((replica) => this.ready(replica)));
  }

  /**
   * Starts one more replica and resolves with its name when it is ready. Rejects, with nothing left behind, when it cannot
   * load the model or is ended before that.
   */
  async add(seat: Seat): Promise<string> {
    const taken = this.everyone.map(({ placement }) => placement.replica);
    const replica = this.enlist({ ...seat, replica: nextReplicaName(this.options.name, taken) });
    replica.start();
    try {
      await this.ready(replica);
    } catch (error) {
      this.strike(replica);
      await replica.end();
      throw error;
    }
    return replica.placement.replica;
  }

  /** Lets one replica finish what it holds and go; resolves when it is gone. One that is not there is gone already. */
  async remove(name: string): Promise<void> {
    const replica = this.all.find(({ placement }) => placement.replica === name);
    if (!replica) return;
    this.strike(replica);
    this.leaving.add(replica);
    await replica.stop();
    this.leaving.delete(replica);
  }

  /** Must be told of every change of a replica, for those who wait for it. */
  changed(replica: Replica): void {
    const failure = startFailure(this.options.name, [replica]);
    if (replica.state !== 'ready' && replica.state !== 'stopped' && !failure) return;
    const over = this.waiting.filter((entry) => entry.replica === replica);
    this.waiting = this.waiting.filter((entry) => entry.replica !== replica);
    for (const { done } of over) {
      if (replica.state === 'ready') done.resolve();
      else done.reject(failure ?? ended(this.options.name));
    }
  }

  private ready(replica: Replica): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.waiting.push({ replica, done });
    this.changed(replica);
    return done.promise;
  }

  private enlist(placement: Placement): Replica {
    const replica = new Replica(placement, this.settings, this.owner);
    this.all.push(replica);
    return replica;
  }

  private strike(replica: Replica): void {
    const at = this.all.indexOf(replica);
    if (at >= 0) this.all.splice(at, 1);
  }
}

function ended(model: string): DomainError {
  return new DomainError('shutting_down', `A replica of the model ${model} was ended before it was ready.`);
}

function childLinksOf({ name, folder, imageLimits, childEntry, batchItemsMax, log }: PoolOptions) {
  return childLinks({
    entry: childEntry,
    model: { name, folder, imageLimits },
    batchItemsMax,
    onLine: (replica, level, text) => log({ level, text, model: name, replica }),
  });
}

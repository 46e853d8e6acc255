import { availableParallelism } from 'node:os';
import { abortError, DomainError, type ModelInfo, type Tower } from '#core';
import { nextReplicaName, placeIn, placeReplicas, type Placement, type PlacementSlot } from '../devices/placement.js';
import { childLinks } from '../replica/child-link.js';
import type { OpenLink } from '../replica/replica-link.js';
import type { ReplicaListener } from '../replica/replica-listener.js';
import type { ReplicaSettings } from '../replica/replica-run.js';
import type { ReplicaSnapshot } from '../replica/replica-listener.js';
import { Replica } from '../replica/replica.js';
import { outage, Readiness } from './health.js';
import { MemoryCeiling } from './memory-ceiling.js';
import { POOL_DEFAULTS, type PoolLogEntry, type PoolOptions } from './pool-options.js';
import { ProcessWatch } from './process-watch.js';

/** The replicas of a pool as they come, change and go. */
export class ReplicaSet {
  /** Those that belong to the pool now, the same array throughout. */
  readonly all: Replica[] = [];
  readonly ceiling: MemoryCeiling;
  /** What the model's files say; undefined before the first replica is ready. */
  info: ModelInfo | undefined;
  private readonly leaving = new Set<Replica>();
  private readonly settings: ReplicaSettings;
  private readonly readiness: Readiness;
  private readonly watch: ProcessWatch;

  /**
   * Makes the replicas that the options ask for, none started. They report to `listener`, whose `changed` must call
   * `noteChange`. Throws `invalid_argument` for devices that cannot be read.
   */
  constructor(
    private readonly options: PoolOptions,
    private readonly listener: ReplicaListener,
  ) {
    const { name: model, replicas, devices, cores = availableParallelism(), clock } = options;
    this.settings = replicaSettings(options);
    this.readiness = new Readiness(model);
    this.ceiling = new MemoryCeiling(options.rssBytesMax, clock, {
      replace: (replica) => this.replace(replica),
      log: (level, text, replica) => this.log(level, text, replica),
    });
    this.watch = new ProcessWatch(clock, {
      processes: () => this.everyone,
      polled: () => this.ceiling.check(this.all),
      probe: options.probe,
    });
    for (const placement of placeReplicas({ model, replicas, devices, cores })) this.createReplica(placement);
  }

  /** Those that have a process or may get one: the pool's own, and those on their way out. */
  get everyone(): readonly Replica[] {
    return [...this.all, ...this.leaving];
  }

  /** How many serve now. */
  get readyCount(): number {
    let count = 0;
    for (const { state } of this.all) if (state === 'ready') count += 1;
    return count;
  }

  /** How many items of a tower its ready replicas work off in a second; undefined before any was measured. */
  itemsPerSecond(tower: Tower): number | undefined {
    const measured = this.all.flatMap((replica) =>
      replica.state === 'ready' ? (replica.itemsPerSecond(tower) ?? []) : [],
    );
    return measured.length === 0 ? undefined : measured.reduce((sum, each) => sum + each, 0);
  }

  /** Why nobody can be served now; undefined while a replica may serve. */
  get outage(): DomainError | undefined {
    return outage(this.options.name, this.all);
  }

  /** Starts all; resolves when the first is ready, rejects when none can be. */
  start(): Promise<void> {
    for (const replica of this.all) replica.start();
    this.watch.start();
    return this.readiness.oneReady(this.all);
  }

  /** Resolves when all are ready; rejects with the reason of the first that cannot be. */
  async allReady(): Promise<void> {
    await Promise.all(this.all.map((replica) => this.readiness.oneReady([replica])));
  }

  /**
   * Starts one more replica and resolves with its name when it is ready. Rejects, with nothing left behind, when it
   * cannot load the model, is ended before that, or the signal aborts.
   */
  async addReplica(slot: PlacementSlot, signal?: AbortSignal): Promise<string> {
    const names = this.everyone.map(({ placement }) => placement.replica);
    const replica = this.createReplica(placeIn(slot, nextReplicaName(this.options.name, names)));
    const onAbort = (): void => void replica.close();
    signal?.addEventListener('abort', onAbort, { once: true });
    replica.start();
    try {
      await this.readiness.oneReady([replica]);
      if (signal?.aborted) throw abortError(signal);
    } catch (error) {
      this.forget(replica);
      await replica.close();
      throw error;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
    return replica.placement.replica;
  }

  /**
   * Lets one replica finish what it holds and exit; resolves when it is gone. A name that is not there is gone already.
   * Rejects with `unavailable` when it is the only one that is ready: nobody could be served until another is.
   */
  async removeReplica(name: string): Promise<void> {
    const replica = this.all.find(({ placement }) => placement.replica === name);
    if (!replica) return;
    const ready = this.all.filter(({ state }) => state === 'ready');
    if (ready.length === 1 && ready[0] === replica) throw onlyReady(name);
    await this.drainReplica(replica);
  }

  /**
   * Starts another replica in the place of this one, and lets this one finish and exit when the other is ready. One
   * that does not serve goes first: it may hold the memory that the other needs. Rejects when the other cannot be
   * started.
   */
  async restartReplica(name: string): Promise<void> {
    const replica = this.all.find(({ placement }) => placement.replica === name);
    if (!replica)
      throw new DomainError('not_found', `There is no replica ${name} here. Its name changes when it is replaced.`);
    if (replica.state !== 'ready') await this.drainReplica(replica);
    return this.replace(replica);
  }

  /** Lets each finish what it holds and exit; resolves when all are gone. */
  async drain(): Promise<void> {
    this.watch.stop();
    await Promise.all(this.all.map((replica) => replica.drain()));
  }

  /** Ends all at once, those on their way out too; nobody hears of what they hold. */
  async close(): Promise<void> {
    this.watch.stop();
    await Promise.all(this.everyone.map((replica) => replica.close()));
  }

  /**
   * Takes in that a replica has changed: logs it, reports it to the observer, and answers those who wait for it to be
   * ready.
   */
  noteChange(replica: ReplicaSnapshot): void {
    const { name: model, observer } = this.options;
    observer?.onReplicaState?.({ model, ...replica });
    const isBad = replica.state === 'failed' || replica.state === 'restarting';
    const why = replica.reason === undefined ? '' : `: ${replica.reason}`;
    this.log(isBad ? 'warn' : 'info', `${replica.state}${why}`, replica.name);
    this.info ??= this.all.find(({ info }) => info)?.info;
    this.readiness.update();
  }

  private async drainReplica(replica: Replica): Promise<void> {
    this.forget(replica);
    this.leaving.add(replica);
    await replica.drain();
    this.leaving.delete(replica);
  }

  private async replace(replica: Replica): Promise<void> {
    await this.addReplica(replica.placement);
    if (this.all.includes(replica)) await this.drainReplica(replica);
  }

  private log(level: PoolLogEntry['level'], text: string, replica: string): void {
    this.options.log({ level, text, model: this.options.name, replica });
  }

  private createReplica(placement: Placement): Replica {
    const replica = new Replica(placement, this.settings, this.listener);
    this.all.push(replica);
    return replica;
  }

  private forget(replica: Replica): void {
    const at = this.all.indexOf(replica);
    if (at >= 0) this.all.splice(at, 1);
  }
}

function replicaSettings(options: PoolOptions): ReplicaSettings {
  const { clock, runMsMax, loadMsMax = POOL_DEFAULTS.loadMsMax, openLink = childLinksFor(options) } = options;
  return { openLink, clock, runMsMax, loadMsMax };
}

function childLinksFor({ name, folder, imageLimits, childEntry, batchItemsMax, log }: PoolOptions): OpenLink {
  return childLinks({
    entry: childEntry,
    model: { name, folder, imageLimits },
    batchItemsMax,
    onLine: (replica, level, text) => log({ level, text, model: name, replica }),
  });
}

function onlyReady(name: string): DomainError {
  const text = `The replica ${name} is kept: no other replica of its model is ready. The log says why the others are not.`;
  return new DomainError('unavailable', text);
}

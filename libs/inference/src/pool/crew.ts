import { availableParallelism } from 'node:os';
import { abortError, DomainError, type ModelInfo } from '#core';
import { MemoryCeiling } from './memory-ceiling.js';
import { outage } from './outage.js';
import { nextReplicaName, place, type Placement, type Seat } from '../devices/placement.js';
import type { PoolLogEntry, PoolOptions } from './pool-options.js';
import { ProcessWatch } from './process-watch.js';
import { Readiness } from './readiness.js';
import { Replica, type ReplicaOwner } from '../replica/replica.js';
import { replicaSettings, type ReplicaSettings } from '../replica/replica-settings.js';

/** What the crew tells its pool. */
export interface CrewEvents extends Pick<ReplicaOwner, 'hasRoom' | 'answered' | 'lost'> {
  /** No replica can serve anyone now. */
  outage(error: DomainError): void;
}

/** The replicas of a pool as they come, change and go. */
export class Crew {
  /** Those that belong to the pool now, the same array throughout. */
  readonly all: Replica[] = [];
  readonly ceiling: MemoryCeiling;
  /** What the model's files say; undefined before the first replica is ready. */
  info: ModelInfo | undefined;
  private readonly leaving = new Set<Replica>();
  private readonly settings: ReplicaSettings;
  private readonly owner: ReplicaOwner;
  private readonly readiness: Readiness;
  private readonly watch: ProcessWatch;

  /** Makes the replicas that the options ask for, none started. Throws `invalid_argument` for devices that cannot be read. */
  constructor(
    private readonly options: PoolOptions,
    private readonly events: CrewEvents,
  ) {
    const { name: model, replicas, devices, cores = availableParallelism(), clock } = options;
    this.settings = replicaSettings(options);
    this.owner = { ...events, ready: (info) => (this.info ??= info), changed: (replica) => this.changed(replica) };
    this.readiness = new Readiness(model);
    this.ceiling = new MemoryCeiling(options.rssBytesMax, clock, {
      replace: (replica) => this.replace(replica),
      log: (level, text, replica) => this.log(level, text, replica),
    });
    this.watch = new ProcessWatch(clock, {
      processes: () => this.everyone,
      looked: () => this.ceiling.check(this.all),
      probe: options.probe,
    });
    for (const placement of place({ model, replicas, devices, cores })) this.enlist(placement);
  }

  /** Those that have a process or may get one: the pool's own, and those on their way out. */
  get everyone(): readonly Replica[] {
    return [...this.all, ...this.leaving];
  }

  /** Why nobody can be served now; undefined while one may serve. */
  get outage(): DomainError | undefined {
    return outage(this.options.name, this.all);
  }

  /** Starts all; resolves when the first is ready, rejects when none can be. */
  start(): Promise<void> {
    for (const replica of this.all) replica.start();
    this.watch.start();
    return this.readiness.ofOne(this.all);
  }

  /** Resolves when all are ready; rejects with the reason of the first that cannot be. */
  async allReady(): Promise<void> {
    await Promise.all(this.all.map((replica) => this.readiness.ofOne([replica])));
  }

  /**
   * Starts one more replica and resolves with its name when it is ready. Rejects, with nothing left behind, when it cannot
   * load the model, is ended before that, or the signal aborts.
   */
  async add(seat: Seat, signal?: AbortSignal): Promise<string> {
    const taken = this.everyone.map(({ placement }) => placement.replica);
    const replica = this.enlist({ ...seat, replica: nextReplicaName(this.options.name, taken) });
    const onAbort = (): void => void replica.end();
    signal?.addEventListener('abort', onAbort, { once: true });
    replica.start();
    try {
      await this.readiness.ofOne([replica]);
      if (signal?.aborted) throw abortError(signal);
    } catch (error) {
      this.strike(replica);
      await replica.end();
      throw error;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
    return replica.placement.replica;
  }

  /**
   * Lets one replica finish what it holds and go; resolves when it is gone. One that is not there is gone already. Rejects
   * with `unavailable` when it is the only one that is ready: nobody could be served until another is.
   */
  async remove(name: string): Promise<void> {
    const replica = this.all.find(({ placement }) => placement.replica === name);
    if (!replica) return;
    const ready = this.all.filter(({ state }) => state === 'ready');
    if (ready.length === 1 && ready[0] === replica) throw onlyReady(name);
    await this.dismiss(replica);
  }

  /** Lets each finish what it holds and go; resolves when all are gone. */
  async stop(): Promise<void> {
    this.watch.stop();
    await Promise.all(this.all.map((replica) => replica.stop()));
  }

  /** Ends all at once, those on their way out too; what they hold is told to nobody. */
  async end(): Promise<void> {
    this.watch.stop();
    await Promise.all(this.everyone.map((replica) => replica.end()));
  }

  private async dismiss(replica: Replica): Promise<void> {
    this.strike(replica);
    this.leaving.add(replica);
    await replica.stop();
    this.leaving.delete(replica);
  }

  private async replace(replica: Replica): Promise<void> {
    await this.add(replica.placement);
    if (this.all.includes(replica)) await this.dismiss(replica);
  }

  private changed(replica: Replica): void {
    const { name: model, observer } = this.options;
    const snapshot = replica.snapshot();
    observer?.onReplicaState?.({ model, ...snapshot });
    const isBad = snapshot.state === 'failed' || snapshot.state === 'restarting';
    const why = snapshot.reason === undefined ? '' : `: ${snapshot.reason}`;
    this.log(isBad ? 'warn' : 'info', `${snapshot.state}${why}`, snapshot.name);
    this.readiness.look();
    const { outage } = this;
    if (outage) this.events.outage(outage);
  }

  private log(level: PoolLogEntry['level'], text: string, replica: string): void {
    this.options.log({ level, text, model: this.options.name, replica });
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

function onlyReady(name: string): DomainError {
  const text = `The replica ${name} is kept: no other replica of its model is ready. The log says why the others are not.`;
  return new DomainError('unavailable', text);
}

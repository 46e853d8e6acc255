import { allOf, DomainError, systemClock } from '#core';
import type { Settings } from '#config';
import {
  newReplicas,
  PoolRegistry,
  Reconciler,
  slotsOf,
  startPools,
  type DesiredModel,
  type DesiredModels,
  type DeviceCheck,
  type PlanStep,
  type ReconcileStatus,
} from '#inference';
import { ModelFollower, type DesiredModelStore, type LocalModels, type ModelNames } from '#serving';
import type { Log, ServiceMetrics } from '#telemetry';
import { servingDefaults, modelsOf, poolOptions } from './pools.js';
import type { MinuteRecorder } from '#metering';
import type { ReplicaHistory } from '../pods/replica-history.js';
import type { UsedFolders } from './model-files.js';
import type { ModelLogLines } from './model-log-lines.js';

/** What the models of a process are made of. */
export interface ServedModelsParts {
  readonly settings: Settings;
  readonly metrics: ServiceMetrics;
  readonly store: DesiredModelStore;
  readonly folders: UsedFolders;
  readonly names: ModelNames;
  readonly devices: DeviceCheck;
  readonly history: ReplicaHistory;
  readonly minutes: MinuteRecorder;
  readonly log: Log;
  /** Takes in what replicas say, for whoever asks why a model does not load. */
  readonly lines: ModelLogLines;
}

/** The models that this process serves, and what keeps them as they should be. None is served before `start`. */
export class ServedModels implements LocalModels {
  readonly registry = new PoolRegistry();
  private readonly reconciler: Reconciler;
  private readonly follower: ModelFollower;
  /** What `start` is doing; undefined once it is done. */
  private starting: ReconcileStatus | undefined = loading(undefined);

  constructor(private readonly parts: ServedModelsParts) {
    const { registry } = this;
    const { store, settings, devices, folders, log } = parts;
    this.reconciler = new Reconciler({
      registry,
      poolOptions: (wanted, signal) => poolOptions(wanted, parts, signal),
      defaults: servingDefaults(settings),
      devices,
      clock: systemClock,
      log: (level, text, version) => log[level]({ version }, `models: ${text}`),
      onApplied: (version) => {
        void folders.releaseAllBut(registry.actual().map(({ name }) => name));
        void store.markServed(version).catch(() => undefined);
      },
    });
    parts.minutes.followQueues(() => this.queueSamples());
    this.follower = new ModelFollower({ store, reconciler: this.reconciler, clock: systemClock });
  }

  /**
   * Starts what should be served; the settings say it until somebody has said otherwise through the admin API. Resolves
   * when each model has a ready replica; what the settings say anew is written down only then, so that no other process
   * ever tries what cannot be loaded. Rejects when a model cannot be loaded, unless an earlier version was served
   * before: that one serves then, and the wanted one is tried again and again.
   *
   * @throws DomainError `invalid_argument` for models that are nowhere, on the hub neither, and devices that are not
   * here, before anything is loaded
   */
  async start(): Promise<void> {
    const { store, settings } = this.parts;
    const { stored, models } = await store.wanted(modelsOf(settings));
    if (stored) await this.startStored(stored);
    else await this.startAll(models);
    const { state, isOverridden } = await store.seed(modelsOf(settings));
    if (isOverridden) this.logOverridden(state);
    this.starting = undefined;
    await this.follower.start();
  }

  actual() {
    return this.registry.actual();
  }

  pools() {
    return this.registry.snapshot();
  }

  leaving() {
    return this.registry.leaving();
  }

  status() {
    return this.starting ?? this.reconciler.status();
  }

  /** What changes while the first models load is followed when they have loaded. */
  async follow(): Promise<void> {
    if (!this.starting) await this.follower.poll();
  }

  /** Replaces a replica, or takes it out of service; throws `not_found` where there is none of that name. */
  async restartReplica(replica: string): Promise<void> {
    await this.poolOf(replica).restartReplica(replica);
  }

  async drainReplica(replica: string): Promise<void> {
    await this.poolOf(replica).removeReplica(replica);
  }

  /** Starts again what is wanted and was taken out of service by hand. */
  restore(): void {
    this.reconciler.check();
  }

  devices() {
    return this.parts.devices.report();
  }

  requireDevices(steps: readonly PlanStep[]): Promise<void> {
    return this.parts.devices.require(newReplicas(steps, servingDefaults(this.parts.settings)));
  }

  /** Changes nothing any more; what serves goes on until `drain`. */
  hold(): void {
    this.follower.stop();
    this.reconciler.stop();
  }

  /** Finishes what was taken and ends the replicas. */
  async drain(): Promise<void> {
    this.hold();
    await this.registry.drain();
  }

  private queueSamples() {
    return this.registry.snapshot().map(({ model, queue: { items, oldestAgeMs }, replicas }) => ({
      ...{ model, items, oldestAgeMs },
      replicasReady: replicas.filter(({ state }) => state === 'ready').length,
    }));
  }

  private poolOf(replica: string) {
    const model = this.registry
      .snapshot()
      .find(({ replicas }) => replicas.some(({ name, state }) => name === replica && state !== 'stopping'))?.model;
    if (model !== undefined) return this.registry.pool(model);
    throw new DomainError('not_found', `There is no replica ${replica} here. It may have been replaced; look again.`);
  }

  private async startStored(state: DesiredModels & { readonly source: 'settings' | 'admin' }): Promise<void> {
    this.starting = loading(state.version);
    try {
      await this.startAll(state.models);
    } catch (error) {
      const earlier = state.source === 'admin' ? await this.parts.store.lastServedBefore(state.version) : undefined;
      if (!earlier) throw error;
      const { message, internal } = DomainError.from(error);
      const text = `models: version ${state.version} cannot be served, version ${earlier.version} is instead: ${message}`;
      this.parts.log.error({ internal }, text);
      await this.startAll(earlier.models);
    }
  }

  /**
   * The default model goes first, as the registry wants it. Names (the hub's files of them, too) and devices are looked
   * at before anything is downloaded, devices again before replicas start: by then the models' sizes are known, and
   * others may have taken memory.
   */
  private async startAll(models: readonly DesiredModel[]): Promise<void> {
    const { settings, names, devices } = this.parts;
    const inOrder = models.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault));
    const defaults = servingDefaults(settings);
    const places = inOrder.flatMap((model) =>
      slotsOf(model, defaults).map(({ device }) => ({ model: model.name, device })),
    );
    await allOf([...inOrder.map(({ name }) => names.require(name)), devices.require(places)]);
    const options = await Promise.all(inOrder.map((model) => poolOptions(model, this.parts)));
    await devices.require(places);
    await startPools(options, this.registry);
  }

  private logOverridden({ version, models }: DesiredModels): void {
    const text = 'models: those that were set through the admin API are served, not those of the settings';
    this.parts.log.warn({ version, models: models.map(({ name }) => name) }, text);
  }
}

function loading(version: number | undefined): ReconcileStatus {
  const about = { step: 'Load the first models.', model: undefined, reason: undefined };
  return { version, state: 'applying', ...about, sinceMs: systemClock.wallMs() };
}

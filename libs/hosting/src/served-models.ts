import { systemClock, DomainError } from '#core';
import type { Settings } from '#config';
import {
  newPlaces,
  Reconciler,
  seatsOf,
  startPools,
  type DesiredModel,
  type DeviceCheck,
  type PlanStep,
  type PoolRegistry,
} from '#inference';
import { ModelFollower, type DesiredModelStore, type DesiredState, type LocalModels } from '#serving';
import type { Log, ServiceMetrics } from '#telemetry';
import { houseOf, modelsOf, poolOptions } from './pools.js';
import type { UsedFolders } from './used-folders.js';

/** What the models of a process are made of. */
export interface ServedModelsParts {
  readonly settings: Settings;
  readonly metrics: ServiceMetrics;
  readonly store: DesiredModelStore;
  readonly folders: UsedFolders;
  readonly devices: DeviceCheck;
  readonly log: Log;
}

/** The models that this process serves, and what keeps them as they should be. */
export class ServedModels implements LocalModels {
  private readonly reconciler: Reconciler;
  private readonly follower: ModelFollower;

  private constructor(
    readonly registry: PoolRegistry,
    private readonly parts: ServedModelsParts,
  ) {
    const { store, settings, devices, folders, log } = parts;
    this.reconciler = new Reconciler({
      registry,
      poolOptions: (wanted, signal) => poolOptions(wanted, parts, signal),
      house: houseOf(settings),
      devices,
      clock: systemClock,
      log: (level, text, version) => log[level]({ version }, `models: ${text}`),
      onApplied: (version) => {
        void folders.releaseAllBut(registry.actual().map(({ name }) => name));
        void store.markServed(version).catch(() => undefined);
      },
    });
    this.follower = new ModelFollower({ store, reconciler: this.reconciler, clock: systemClock });
  }

  /**
   * Starts what should be served; the settings say it until somebody has said otherwise through the admin API. Resolves when
   * each model has a ready replica. Rejects when one cannot be loaded, unless an earlier version was served before: that one
   * serves then, and the wanted one is tried again and again.
   */
  static async start(parts: ServedModelsParts): Promise<ServedModels> {
    const { store, settings, log } = parts;
    const { state, isOverridden } = await store.seed(modelsOf(settings));
    if (isOverridden) {
      const text = 'models: those that were set through the admin API are served, not those of the settings';
      log.warn({ version: state.version, models: state.models.map(({ name }) => name) }, text);
    }
    const served = new ServedModels(await startSome(state, parts), parts);
    await served.follower.start();
    return served;
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
    return this.reconciler.status();
  }

  follow(): Promise<void> {
    return this.follower.look();
  }

  devices() {
    return this.parts.devices.report();
  }

  requireDevices(steps: readonly PlanStep[]): Promise<void> {
    return this.parts.devices.require(newPlaces(steps, houseOf(this.parts.settings)));
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
}

async function startSome(state: DesiredState, parts: ServedModelsParts): Promise<PoolRegistry> {
  try {
    return await startAll(state.models, parts);
  } catch (error) {
    const earlier = state.source === 'admin' ? await parts.store.lastServedBefore(state.version) : undefined;
    if (!earlier) throw error;
    const { message, internal } = DomainError.from(error);
    const text = `models: version ${state.version} cannot be served, version ${earlier.version} is instead: ${message}`;
    parts.log.error({ internal }, text);
    return startAll(earlier.models, parts);
  }
}

/**
 * The default model goes first, as the registry wants it. The devices are looked at before anything is downloaded, and again
 * before replicas start: by then the models' sizes are known, and others may have taken memory.
 */
async function startAll(models: readonly DesiredModel[], parts: ServedModelsParts): Promise<PoolRegistry> {
  const inOrder = models.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault));
  const house = houseOf(parts.settings);
  const places = inOrder.flatMap((model) => seatsOf(model, house).map(({ device }) => ({ model: model.name, device })));
  await parts.devices.require(places);
  const options = await Promise.all(inOrder.map((model) => poolOptions(model, parts)));
  await parts.devices.require(places);
  return startPools(options);
}

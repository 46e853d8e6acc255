import type { Actor } from '#audit';
import { allOf } from '#core';
import {
  plan,
  requireServable,
  slotsOf,
  formatStep,
  type ActualModel,
  type DesiredModel,
  type DeviceReport,
  type ServingDefaults,
  type PlanStep,
  type PoolSnapshot,
  type ReconcileStatus,
} from '#inference';
import type { DesiredModelStore, ModelChange } from './desired-model-store.js';
import type { DesiredState } from './desired-state.js';
import type { FactsOf, ModelFacts } from './model-facts.js';
import { changedDefaults, versionDifferences, type VersionDifference } from './version-differences.js';

const VERSIONS_SHOWN = 50;

/** The models of this process; a process without the inference API has none. */
export interface LocalModels {
  /** What a plan starts from. */
  actual(): ActualModel[];
  /** Served now, the default model first. */
  pools(): PoolSnapshot[];
  /** Out of service, finishing what they have. */
  leaving(): PoolSnapshot[];
  status(): ReconcileStatus;
  /** Follows a change that was just made, without waiting for the next poll. */
  follow(): Promise<void>;
  /** What it could run models on, at this moment. */
  devices(): Promise<DeviceReport>;
  /** Throws `unavailable` when the devices of this process cannot take the replicas that the steps start. */
  requireDevices(steps: readonly PlanStep[]): Promise<void>;
}

/** What this process serves. */
export interface LocalView {
  readonly status: ReconcileStatus;
  readonly pools: readonly PoolSnapshot[];
  readonly leaving: readonly PoolSnapshot[];
}

/** A step for people and for programs. */
export interface PlannedStep {
  readonly kind: PlanStep['kind'];
  readonly model: string;
  readonly text: string;
}

/** What a change would do. */
export interface ModelPlan {
  /** In their order; none when all is as asked for. */
  readonly steps: readonly PlannedStep[];
  /** What callers should know before it is applied, such as that stored vectors stop matching. */
  readonly warnings: readonly string[];
}

/** A change that was made. */
export interface ChangeMade {
  readonly state: DesiredState;
  /** The version that was in force before: rolling back to it undoes the change. Null for the first version. */
  readonly undoVersion: number | null;
  /** What it ends, in the sentences of plans. */
  readonly stops: readonly string[];
}

/** What is other between two versions. */
export interface VersionComparison {
  readonly from: DesiredState;
  readonly to: DesiredState;
  readonly differences: readonly VersionDifference[];
}

export interface ModelOverview {
  /** The version in force; null before the first start of a server. */
  readonly desired: DesiredState | null;
  /** The newest first. */
  readonly versions: readonly DesiredState[];
  /** Null where this process serves no models and so cannot know. */
  readonly actual: LocalView | null;
}

/** Says whether models can be loaded by their names, without loading or downloading any. */
export interface ModelNames {
  /** Refuses a name that nothing stands for: `invalid_argument`. Asks nobody but this machine. */
  requireName(name: string): Promise<void>;
  /** As `requireName`, and refuses what cannot be downloaded; `unavailable` when that cannot be found out now. */
  require(name: string): Promise<void>;
}

export interface ModelAdministrationParts {
  readonly store: DesiredModelStore;
  readonly names: ModelNames;
  readonly local: LocalModels | undefined;
  readonly defaults: ServingDefaults;
  /** For the differences that a changed default makes. */
  readonly facts: FactsOf;
}

/** The use cases of those who administer the models: see, plan, apply, roll back. Servers follow by themselves. */
export class ModelAdministration {
  constructor(private readonly parts: ModelAdministrationParts) {}

  /** Names of the models that should be served. */
  async names(): Promise<string[]> {
    const desired = await this.parts.store.newest();
    return desired?.models.map(({ name }) => name) ?? [];
  }

  async overview(): Promise<ModelOverview> {
    const versions = await this.parts.store.list(VERSIONS_SHOWN);
    const { local } = this.parts;
    const actual = local ? { status: local.status(), pools: local.pools(), leaving: local.leaving() } : null;
    return { desired: versions[0] ?? null, versions, actual };
  }

  /**
   * The steps from what is served to `models`; nothing is changed. A process that serves none plans from the version in
   * force, as if it were served everywhere, and cannot know the devices of those that serve, nor what they can
   * download.
   *
   * @throws DomainError `invalid_argument` for what cannot be served: a model that is nowhere, a device that is not
   * here; `unavailable` for what cannot be served now: too little memory on a device, a hub that does not answer;
   * `conflict` when `basedOn` is no longer in force
   */
  async plan(models: readonly DesiredModel[], basedOn?: number): Promise<ModelPlan> {
    if (basedOn !== undefined) await this.parts.store.requireInForce(basedOn);
    const steps = await this.possibleSteps(models);
    const inForce = (await this.parts.store.newest())?.models ?? [];
    const differences = await this.differences(inForce, models);
    return {
      steps: steps.map((step) => ({ kind: step.kind, model: step.model, text: formatStep(step) })),
      warnings: differences.flatMap(({ kind, text }) => (kind === 'vectors' ? [text] : [])),
    };
  }

  /**
   * What version `to` asks for that `from` did not, in sentences.
   *
   * @throws DomainError `not_found`
   */
  async compare(from: number, to: number): Promise<VersionComparison> {
    const [one, other] = await Promise.all([this.parts.store.get(from), this.parts.store.get(to)]);
    return { from: one, to: other, differences: await this.differences(one.models, other.models) };
  }

  /** What this process could run models on; null where it serves none. */
  async devices(): Promise<DeviceReport | null> {
    return (await this.parts.local?.devices()) ?? null;
  }

  /** @throws DomainError `invalid_argument`, `conflict` as `DesiredModelStore.apply`; `unavailable` as `plan` */
  async apply(actor: Actor, change: ModelChange): Promise<ChangeMade> {
    const steps = await this.possibleSteps(change.models);
    return this.made(steps, () => this.parts.store.apply(actor, change));
  }

  /** @throws DomainError `not_found`, `conflict` as `DesiredModelStore.rollback`; `unavailable` as `plan` */
  async rollback(actor: Actor, to: { readonly version: number; readonly basedOn?: number }): Promise<ChangeMade> {
    const steps = await this.possibleSteps((await this.parts.store.get(to.version)).models);
    return this.made(steps, () => this.parts.store.rollback(actor, to));
  }

  /** Writes a change; what its steps end is told from what was served before. */
  private async made(steps: readonly PlanStep[], write: () => Promise<DesiredState>): Promise<ChangeMade> {
    const underWay = this.parts.local?.status();
    const state = await write();
    await this.follow();
    const ends = steps.filter(({ kind }) => kind === 'drain_replica' || kind === 'stop_pool').map(formatStep);
    const texts = steps.map(formatStep);
    const brokenOff = underWay?.state === 'applying' && underWay.step !== undefined && !texts.includes(underWay.step);
    return {
      state,
      undoVersion: await this.parts.store.versionBefore(state.version),
      stops: brokenOff ? [`Broken off: ${underWay.step}`, ...ends] : ends,
    };
  }

  private async differences(
    before: readonly DesiredModel[],
    after: readonly DesiredModel[],
  ): Promise<VersionDifference[]> {
    const names = changedDefaults(before, after);
    const known = await Promise.all(names.map((name) => this.parts.facts(name)));
    const facts = new Map<string, ModelFacts>();
    for (const [at, name] of names.entries()) {
      const found = known[at];
      if (found) facts.set(name, found);
    }
    return versionDifferences(before, after, { defaults: this.parts.defaults, facts });
  }

  private async possibleSteps(models: readonly DesiredModel[]): Promise<PlanStep[]> {
    requireServable(models);
    const { local, defaults } = this.parts;
    const actual = local ? local.actual() : asServed((await this.parts.store.newest())?.models ?? [], defaults);
    const steps = plan(models, actual, defaults);
    await allOf([...(await this.nameChecks(steps)), ...(local ? [local.requireDevices(steps)] : [])]);
    return steps;
  }

  /**
   * Models that are served already are not asked for again. A process that serves none also takes names that some
   * server has served.
   */
  private async nameChecks(steps: readonly PlanStep[]): Promise<Promise<void>[]> {
    const { names, local, store } = this.parts;
    const added = steps.flatMap(({ kind, model }) => (kind === 'start_pool' ? [model] : []));
    if (local) return added.map((name) => names.require(name));
    const known = added.length === 0 ? new Set<string>() : await store.namesServed();
    return added.filter((name) => !known.has(name)).map((name) => names.requireName(name));
  }

  /** The change is made, whatever comes of this poll: the next one will see it. */
  private async follow(): Promise<void> {
    await this.parts.local?.follow().catch(() => undefined);
  }
}

function asServed(models: readonly DesiredModel[], defaults: ServingDefaults): ActualModel[] {
  return models.map((model) => ({
    name: model.name,
    isDefault: model.isDefault,
    batchItemsMax: model.batchItemsMax ?? defaults.batchItemsMax,
    rssBytesMax: model.rssBytesMax ?? defaults.rssBytesMax,
    replicas: slotsOf(model, defaults).map((slot, n) => ({ name: `${model.name}/${n}`, ...slot })),
  }));
}

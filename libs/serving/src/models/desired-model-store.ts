import { IsNull, LessThan, Not, type EntityManager } from 'typeorm';
import { appendAudit, type Actor } from '#audit';
import { DomainError, MODEL_LIMITS, type Clock } from '#core';
import { currentChange, DesiredModelsEntity, nextChange, type Database, type DesiredModelsSource } from '#database';
import { isSameState, requireServable, type DesiredModel } from '#inference';
import { modelsText, plainModel, stateOf, type DesiredState } from './desired-state.js';

const COUNTER = 'models';
const VERSIONS_REMEMBERED = 50;
const SERVICE: Actor = { kind: 'system', id: 'service', name: 'CLIP-as-service', from: null };

/** A change of which models should be served. */
export interface ModelChange {
  readonly models: readonly DesiredModel[];
  /** Why, for people; may be empty. */
  readonly note: string;
  /** The version that the change was made from; when another is in force by now it is refused. Unset = whatever is. */
  readonly basedOn?: number;
}

/** What would be in force after a start with these settings. */
export interface Wanted {
  /** The version in force; undefined when the settings would make a new one. */
  readonly stored: DesiredState | undefined;
  readonly models: readonly DesiredModel[];
}

/** Which models the settings ask for, against what is stored. */
export interface Seeded {
  readonly state: DesiredState;
  /** The settings ask for other models, but somebody has set these through the admin API, which counts more. */
  readonly isOverridden: boolean;
}

/**
 * Which models should be served, version by version, shared by every process on the database. Versions are written and
 * never changed; each is audited in the transaction that writes it, and raises the counter `models`, which every
 * process watches.
 */
export class DesiredModelStore {
  constructor(private readonly parts: { readonly database: Database; readonly clock: Clock }) {}

  /** The version in force; undefined before the first. */
  newest(): Promise<DesiredState | undefined> {
    return this.parts.database.read(newestOf);
  }

  /** @throws DomainError `not_found` */
  get(version: number): Promise<DesiredState> {
    return this.parts.database.read((manager) => versionOf(manager, version));
  }

  /** The newest first. */
  list(countMax: number): Promise<DesiredState[]> {
    return this.parts.database.read(async (manager) => {
      const rows = await manager.find(DesiredModelsEntity, { order: { version: 'DESC' }, take: countMax });
      return rows.map(stateOf);
    });
  }

  /** The newest version before `version` that some process has served in whole. */
  lastServedBefore(version: number): Promise<DesiredState | undefined> {
    return this.parts.database.read(async (manager) => {
      const where = { version: LessThan(version), servedAtMs: Not(IsNull()) };
      const row = await manager.findOne(DesiredModelsEntity, { where, order: { version: 'DESC' } });
      return row ? stateOf(row) : undefined;
    });
  }

  /** The number of the version that was in force before `version`; null before the first. */
  versionBefore(version: number): Promise<number | null> {
    return this.parts.database.read(async (manager) => {
      const row = await manager.findOne(DesiredModelsEntity, {
        where: { version: LessThan(version) },
        order: { version: 'DESC' },
      });
      return row?.version ?? null;
    });
  }

  /** @throws DomainError `conflict` when `version` is not the one in force */
  async requireInForce(version: number): Promise<void> {
    const newest = (await this.newest())?.version;
    if (version !== newest) throw outdated(newest);
  }

  /** A number that grows with every change. */
  changes(): Promise<number> {
    return this.parts.database.read((manager) => currentChange(manager, COUNTER));
  }

  /**
   * Makes `change` the version in force.
   *
   * @throws DomainError `invalid_argument` for what cannot be served, `conflict` when `basedOn` is no longer in force
   */
  async apply(actor: Actor, change: ModelChange): Promise<DesiredState> {
    requireServable(change.models);
    return this.parts.database.transaction((manager) => this.write(manager, actor, 'models.apply', 'admin', change));
  }

  /**
   * Makes what an older version asked for the newest version.
   *
   * @throws DomainError `not_found` when there is no such version, `conflict` when `basedOn` is no longer in force
   */
  async rollback(
    actor: Actor,
    { version, basedOn }: { readonly version: number; readonly basedOn?: number },
  ): Promise<DesiredState> {
    return this.parts.database.transaction(async (manager) => {
      const { models } = await versionOf(manager, version);
      const change = { models, note: `back to version ${version}`, ...(basedOn === undefined ? {} : { basedOn }) };
      return this.write(manager, actor, 'models.rollback', 'admin', change);
    });
  }

  /**
   * What `seed` would have served; writes nothing.
   *
   * @throws DomainError `invalid_argument` for settings that cannot be served
   */
  async wanted(models: readonly DesiredModel[]): Promise<Wanted> {
    requireServable(models);
    const stored = await this.newest();
    if (stored && !isFromOtherSettings(stored, models)) return { stored, models: stored.models };
    return { stored: undefined, models };
  }

  /** Names of the models that some process has served, in one of the newest versions. */
  async namesServed(): Promise<ReadonlySet<string>> {
    const versions = await this.list(VERSIONS_REMEMBERED);
    const served = versions.filter(({ servedAtMs }) => servedAtMs !== null);
    return new Set(served.flatMap(({ models }) => models.map(({ name }) => name)));
  }

  /**
   * Writes what the settings ask for, when nothing is stored or what is stored came from settings and differs.
   * Processes that start at once write it once.
   */
  async seed(models: readonly DesiredModel[]): Promise<Seeded> {
    requireServable(models);
    const stored = await this.newest();
    if (stored && !isFromOtherSettings(stored, models)) return seeded(stored, models);
    return this.parts.database.transaction(async (manager) => {
      const version = await nextChange(manager, COUNTER);
      const now = await newestOf(manager);
      if (now && !isFromOtherSettings(now, models)) return seeded(now, models);
      const change = { models, note: now ? 'the settings have changed' : 'first start' };
      const state = await this.insert(manager, { version, actor: SERVICE, source: 'settings', change });
      await this.audit(manager, SERVICE, 'models.apply', now, state);
      return { state, isOverridden: false };
    });
  }

  /** Notes that a process serves all of a version; the first note stays. */
  async markServed(version: number): Promise<void> {
    const servedAtMs = this.parts.clock.wallMs();
    await this.parts.database.transaction((manager) =>
      manager.update(DesiredModelsEntity, { version, servedAtMs: IsNull() }, { servedAtMs }),
    );
  }

  /** The counter's row lock comes first: changes wait for each other, so `basedOn` is checked against what is true. */
  private async write(
    manager: EntityManager,
    actor: Actor,
    action: string,
    source: DesiredModelsSource,
    change: ModelChange,
  ): Promise<DesiredState> {
    const version = await nextChange(manager, COUNTER);
    const before = await newestOf(manager);
    if (change.basedOn !== undefined && change.basedOn !== before?.version) throw outdated(before?.version);
    const state = await this.insert(manager, { version, actor, source, change });
    await this.audit(manager, actor, action, before, state);
    return state;
  }

  private async insert(
    manager: EntityManager,
    written: { version: number; actor: Actor; source: DesiredModelsSource; change: ModelChange },
  ): Promise<DesiredState> {
    const { version, actor, source, change } = written;
    const row = {
      ...{ version, source, models: modelsText(change.models), note: change.note.slice(0, MODEL_LIMITS.noteLengthMax) },
      ...{ createdAtMs: this.parts.clock.wallMs(), createdBy: actor.id.slice(0, 200) },
      ...{ createdByName: actor.name.slice(0, 400), servedAtMs: null },
    };
    await manager.insert(DesiredModelsEntity, row);
    return stateOf(row);
  }

  private async audit(
    manager: EntityManager,
    actor: Actor,
    action: string,
    before: DesiredState | undefined,
    after: DesiredState,
  ): Promise<void> {
    const target = { kind: 'models', id: String(after.version), name: `version ${after.version}` };
    const logged = ({ version, models, note }: DesiredState) => ({ version, models: models.map(plainModel), note });
    const change = { actor, action, target, ...(before ? { before: logged(before) } : {}), after: logged(after) };
    await appendAudit(manager, change, this.parts.clock.wallMs());
  }
}

async function newestOf(manager: EntityManager): Promise<DesiredState | undefined> {
  const [row] = await manager.find(DesiredModelsEntity, { order: { version: 'DESC' }, take: 1 });
  return row ? stateOf(row) : undefined;
}

async function versionOf(manager: EntityManager, version: number): Promise<DesiredState> {
  const row = await manager.findOneBy(DesiredModelsEntity, { version });
  if (row) return stateOf(row);
  throw new DomainError('not_found', `There is no version ${version} of the models. GET /api/models lists them.`);
}

function isFromOtherSettings(stored: DesiredState, models: readonly DesiredModel[]): boolean {
  return stored.source === 'settings' && !isSameState(stored.models, models);
}

function seeded(state: DesiredState, models: readonly DesiredModel[]): Seeded {
  return { state, isOverridden: state.source === 'admin' && !isSameState(state.models, models) };
}

function outdated(newest: number | undefined): DomainError {
  return new DomainError(
    'conflict',
    `The models have changed meanwhile: version ${newest ?? 'none'} is in force. Look at it and plan again.`,
  );
}

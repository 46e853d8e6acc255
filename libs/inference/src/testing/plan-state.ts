import { requireServable, type DesiredModel } from '../plan/desired-models.js';
import { slotsOf, type ServingDefaults } from '../plan/plan.js';
import type { ActualModel } from '../pool/model-registry.js';
import type { PlanStep } from '../plan/steps.js';
import { nextReplicaName } from '../devices/placement.js';
import type { SeededRandom } from './random.js';

export const DEFAULTS: ServingDefaults = { cores: 4, batchItemsMax: 32, rssBytesMax: undefined };

/** A model on one CPU replica, not the default, unless said otherwise. */
export function aModel(name: string, changes: Partial<DesiredModel> = {}): DesiredModel {
  return { name, replicas: 1, devices: ['cpu'], isDefault: false, ...changes };
}

/** What is served once `models` have been applied to nothing. */
export function served(models: readonly DesiredModel[]): ActualModel[] {
  return models.map((model) => ({
    name: model.name,
    isDefault: model.isDefault,
    batchItemsMax: model.batchItemsMax ?? DEFAULTS.batchItemsMax,
    rssBytesMax: model.rssBytesMax,
    replicas: slotsOf(model, DEFAULTS).map((slot, n) => ({ name: `${model.name}/${n}`, ...slot })),
  }));
}

/** What is served after a step. */
export function after(actual: readonly ActualModel[], step: PlanStep): ActualModel[] {
  const changed = (change: (model: ActualModel) => ActualModel) =>
    actual.map((model) => (model.name === step.model ? change(model) : model));
  switch (step.kind) {
    case 'start_pool':
      return [...actual, ...served([{ ...step.wanted, isDefault: false }])];
    case 'add_replica':
      return changed((model) => {
        const name = nextReplicaName(
          model.name,
          model.replicas.map((replica) => replica.name),
        );
        return { ...model, replicas: [...model.replicas, { name, ...step.slot }] };
      });
    case 'set_limits':
      return changed(({ name, isDefault, replicas }) => ({
        ...{ name, isDefault, replicas, batchItemsMax: step.batchItemsMax, rssBytesMax: step.rssBytesMax },
      }));
    case 'make_default':
      return actual.map((model) => ({ ...model, isDefault: model.name === step.model }));
    case 'drain_replica':
      return changed((model) => ({ ...model, replicas: model.replicas.filter(({ name }) => name !== step.replica) }));
    case 'stop_pool':
      return actual.filter(({ name }) => name !== step.model);
  }
}

/** One to four models of a few names, devices and limits. */
export function randomModels(random: SeededRandom): DesiredModel[] {
  const names = ['a', 'b', 'c', 'd', 'e'].filter(() => random.chance(0.5));
  const chosen = names.length > 0 ? names : ['a'];
  const first = random.between(0, chosen.length - 1);
  const models = chosen.map((name, n) => ({
    ...{ name, isDefault: n === first, replicas: random.between(1, 5) },
    devices: ['cpu', 'cuda:0', 'cuda:1'].slice(random.between(0, 1), random.between(2, 3)),
    ...(random.chance(0.3) ? { batchItemsMax: random.between(1, 64) } : {}),
    ...(random.chance(0.3) ? { rssBytesMax: 1e9 } : {}),
  }));
  requireServable(models);
  return models;
}

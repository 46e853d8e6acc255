import type { NewReplica } from '../devices/device-check.js';
import { placeReplicas, type PlacementSlot } from '../devices/placement.js';
import type { ActualModel } from '../pool/model-registry.js';
import type { DesiredModel } from './desired-models.js';
import type { PlanStep } from './steps.js';

/** What the service is set to, for what a model leaves open. */
export interface ServingDefaults {
  readonly cores: number;
  readonly batchItemsMax: number;
  /** Undefined = no ceiling. */
  readonly rssBytesMax: number | undefined;
}

/**
 * The steps from `actual` to `desired`, in their order: everything new is there and ready before anything old goes, and
 * the default moves in between. No steps when all is as it should be. The same input always gives the same steps, so a
 * plan that was broken off is resumed by making it anew.
 *
 * @throws DomainError `invalid_argument` for devices that cannot be read
 *
 * @example
 * const [next] = plan(desired.models, registry.actual(), defaults); // undefined: all is served as desired
 */
export function plan(
  desired: readonly DesiredModel[],
  actual: readonly ActualModel[],
  defaults: ServingDefaults,
): PlanStep[] {
  const changes = desired.map((wanted) => {
    const served = actual.find(({ name }) => name === wanted.name);
    return served ? changeSteps(wanted, served, defaults) : startSteps(wanted, defaults);
  });
  return [
    ...changes.flatMap(({ before }) => before),
    ...defaultSteps(desired, actual),
    ...changes.flatMap(({ after }) => after),
    ...actual
      .filter(({ name }) => !desired.some((wanted) => wanted.name === name))
      .map(({ name }) => ({ kind: 'stop_pool', model: name }) as const),
  ];
}

/** The slots of a model's replicas, one each. */
export function slotsOf({ name: model, replicas, devices }: DesiredModel, defaults: ServingDefaults): PlacementSlot[] {
  return placeReplicas({ model, replicas, devices, cores: defaults.cores }).map(({ device, threads }) => ({
    device,
    threads,
  }));
}

/** The replicas that the steps start. Replicas that leave later still hold their devices then. */
export function newReplicas(steps: readonly PlanStep[], defaults: ServingDefaults): NewReplica[] {
  return steps.flatMap((step) => {
    const { model } = step;
    if (step.kind === 'start_pool') return slotsOf(step.wanted, defaults).map(({ device }) => ({ model, device }));
    return step.kind === 'add_replica' ? [{ model, device: step.slot.device }] : [];
  });
}

interface Changes {
  readonly before: readonly PlanStep[];
  readonly after: readonly PlanStep[];
}

function startSteps(wanted: DesiredModel, defaults: ServingDefaults): Changes {
  slotsOf(wanted, defaults); // refuses devices that cannot be read now, not when the step runs
  return { before: [{ kind: 'start_pool', model: wanted.name, wanted }], after: [] };
}

/**
 * Replicas that are in a slot where one should be stay, ready ones before others. Then the missing ones are added, and
 * those too many are drained.
 */
function changeSteps(wanted: DesiredModel, served: ActualModel, defaults: ServingDefaults): Changes {
  const { name: model } = wanted;
  const missing = slotsOf(wanted, defaults);
  const surplus = served.replicas.filter((replica) => {
    const at = missing.findIndex((slot) => isSameSlot(slot, replica));
    if (at >= 0) missing.splice(at, 1);
    return at < 0;
  });
  return {
    before: [
      ...limitSteps(wanted, served, defaults),
      ...missing.map((slot) => ({ kind: 'add_replica', model, slot }) as const),
    ],
    after: surplus.map(({ name: replica, device }) => ({ kind: 'drain_replica', model, replica, device })),
  };
}

function limitSteps(wanted: DesiredModel, served: ActualModel, defaults: ServingDefaults): PlanStep[] {
  const { batchItemsMax = defaults.batchItemsMax, rssBytesMax = defaults.rssBytesMax } = wanted;
  if (served.batchItemsMax === batchItemsMax && served.rssBytesMax === rssBytesMax) return [];
  return [{ kind: 'set_limits', model: wanted.name, batchItemsMax, rssBytesMax }];
}

function defaultSteps(desired: readonly DesiredModel[], actual: readonly ActualModel[]): PlanStep[] {
  const wanted = desired.find(({ isDefault }) => isDefault);
  const served = actual.find(({ isDefault }) => isDefault);
  return wanted && wanted.name !== served?.name ? [{ kind: 'make_default', model: wanted.name }] : [];
}

/**
 * The threads of a replica are those of its share of the cores; on a GPU they hardly matter and are no reason to move.
 */
function isSameSlot(slot: PlacementSlot, replica: PlacementSlot): boolean {
  return slot.device === replica.device && (slot.device !== 'cpu' || slot.threads === replica.threads);
}

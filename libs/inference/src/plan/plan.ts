import type { NewPlace } from '../devices/device-check.js';
import { place } from '../devices/placement.js';
import type { ActualModel } from '../pool/model-registry.js';
import type { DesiredModel } from './desired-models.js';
import type { DeviceSeat, PlanStep } from './steps.js';

/** What the service is set to, for what a model leaves open. */
export interface House {
  readonly cores: number;
  readonly batchItemsMax: number;
  /** Undefined = no ceiling. */
  readonly rssBytesMax: number | undefined;
}

/**
 * The steps from `actual` to `desired`, in their order: everything new is there and ready before anything old goes, and the
 * default moves in between. No steps when all is as it should be. The same input always gives the same steps, so a plan that
 * was broken off is resumed by making it anew.
 *
 * @throws DomainError `invalid_argument` for devices that cannot be read
 */
export function plan(desired: readonly DesiredModel[], actual: readonly ActualModel[], house: House): PlanStep[] {
  const changes = desired.map((wanted) => {
    const served = actual.find(({ name }) => name === wanted.name);
    return served ? changesOf(wanted, served, house) : starting(wanted, house);
  });
  return [
    ...changes.flatMap(({ before }) => before),
    ...newDefault(desired, actual),
    ...changes.flatMap(({ after }) => after),
    ...actual
      .filter(({ name }) => !desired.some((wanted) => wanted.name === name))
      .map(({ name }) => ({ kind: 'stop_pool', model: name }) as const),
  ];
}

/** Where the replicas of a model should be. */
export function seatsOf({ name: model, replicas, devices }: DesiredModel, house: House): DeviceSeat[] {
  return place({ model, replicas, devices, cores: house.cores }).map(({ device, threads }) => ({ device, threads }));
}

/** Where the steps start replicas. Those that leave later still hold their devices then. */
export function newPlaces(steps: readonly PlanStep[], house: House): NewPlace[] {
  return steps.flatMap((step) => {
    const { model } = step;
    if (step.kind === 'start_pool') return seatsOf(step.wanted, house).map(({ device }) => ({ model, device }));
    return step.kind === 'add_replica' ? [{ model, device: step.seat.device }] : [];
  });
}

interface Changes {
  readonly before: readonly PlanStep[];
  readonly after: readonly PlanStep[];
}

function starting(wanted: DesiredModel, house: House): Changes {
  seatsOf(wanted, house); // refuses what cannot be read now, not when the step is taken
  return { before: [{ kind: 'start_pool', model: wanted.name, wanted }], after: [] };
}

/**
 * Replicas that are where one should be stay, the first ones first, which are ready; of the rest, as many come as are
 * missing, then those too many go.
 */
function changesOf(wanted: DesiredModel, served: ActualModel, house: House): Changes {
  const { name: model } = wanted;
  const missing = seatsOf(wanted, house);
  const surplus = served.replicas.filter((replica) => {
    const at = missing.findIndex((seat) => isSameSeat(seat, replica));
    if (at >= 0) missing.splice(at, 1);
    return at < 0;
  });
  return {
    before: [
      ...newLimits(wanted, served, house),
      ...missing.map((seat) => ({ kind: 'add_replica', model, seat }) as const),
    ],
    after: surplus.map(({ name: replica, device }) => ({ kind: 'drain_replica', model, replica, device })),
  };
}

function newLimits(wanted: DesiredModel, served: ActualModel, house: House): PlanStep[] {
  const { batchItemsMax = house.batchItemsMax, rssBytesMax = house.rssBytesMax } = wanted;
  if (served.batchItemsMax === batchItemsMax && served.rssBytesMax === rssBytesMax) return [];
  return [{ kind: 'set_limits', model: wanted.name, batchItemsMax, rssBytesMax }];
}

function newDefault(desired: readonly DesiredModel[], actual: readonly ActualModel[]): PlanStep[] {
  const wanted = desired.find(({ isDefault }) => isDefault);
  const served = actual.find(({ isDefault }) => isDefault);
  return wanted && wanted.name !== served?.name ? [{ kind: 'make_default', model: wanted.name }] : [];
}

/** The threads of a replica are those of its share of the cores; on a GPU they hardly matter and are no reason to move. */
function isSameSeat(seat: DeviceSeat, replica: DeviceSeat): boolean {
  return seat.device === replica.device && (seat.device !== 'cpu' || seat.threads === replica.threads);
}

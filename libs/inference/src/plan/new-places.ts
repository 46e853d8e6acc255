import type { NewPlace } from '../devices/device-check.js';
import { seatsOf, type House } from './plan.js';
import type { PlanStep } from './steps.js';

/** Where the steps start replicas. Those that leave later still hold their devices then. */
export function newPlaces(steps: readonly PlanStep[], house: House): NewPlace[] {
  return steps.flatMap((step) => {
    const { model } = step;
    if (step.kind === 'start_pool') return seatsOf(step.wanted, house).map(({ device }) => ({ model, device }));
    return step.kind === 'add_replica' ? [{ model, device: step.seat.device }] : [];
  });
}

import type { PlacementSlot } from '../devices/placement.js';
import type { DesiredModel } from './desired-models.js';

/**
 * One step from the models that are served to those that should be. Each is safe by itself: after it, all that is
 * served works.
 */
export type PlanStep =
  /** Load a model on all its places; it serves, under its name, when all are ready. */
  | { readonly kind: 'start_pool'; readonly model: string; readonly wanted: DesiredModel }
  | { readonly kind: 'add_replica'; readonly model: string; readonly slot: PlacementSlot }
  | {
      readonly kind: 'set_limits';
      readonly model: string;
      readonly batchItemsMax: number;
      readonly rssBytesMax: number | undefined;
    }
  | { readonly kind: 'make_default'; readonly model: string }
  /** Let one replica finish what it holds and go. */
  | { readonly kind: 'drain_replica'; readonly model: string; readonly replica: string; readonly device: string }
  /** Take a model out of service: its requests under way are finished, then its replicas go. */
  | { readonly kind: 'stop_pool'; readonly model: string };

/** The limits of a model with nothing left open. */
export type ModelLimits = Pick<Extract<PlanStep, { kind: 'set_limits' }>, 'batchItemsMax' | 'rssBytesMax'>;

/** The step in a sentence, for people. */
export function formatStep(step: PlanStep): string {
  switch (step.kind) {
    case 'start_pool':
      return `Start ${step.model} with ${formatReplicas(step.wanted)}, and serve it when all are ready.`;
    case 'add_replica':
      return `Add a replica of ${step.model} on ${slotText(step.slot)}, and wait until it is ready.`;
    case 'set_limits':
      return `Set the limits of ${step.model}: ${formatLimits(step)}. No replica restarts.`;
    case 'make_default':
      return `Make ${step.model} the default: requests that name no model get it from now on.`;
    case 'drain_replica':
      return `Let ${step.replica} on ${step.device} finish what it holds, then end it.`;
    case 'stop_pool':
      return `Take ${step.model} out of service: finish the requests that it has, then end its replicas.`;
  }
}

/** How many replicas a model has and where, as plans word it: `2 replicas on cuda:0, cuda:1`. */
export function formatReplicas({ replicas, devices }: Pick<DesiredModel, 'replicas' | 'devices'>): string {
  return `${replicas} ${replicas === 1 ? 'replica' : 'replicas'} on ${devices.join(', ')}`;
}

function slotText({ device, threads }: PlacementSlot): string {
  return device === 'cpu' ? `cpu with ${threads} ${threads === 1 ? 'thread' : 'threads'}` : device;
}

/** The limits of a model, as plans word them: `at most 32 items a run, no memory ceiling`. */
export function formatLimits({ batchItemsMax, rssBytesMax }: ModelLimits): string {
  const memory =
    rssBytesMax === undefined ? 'no memory ceiling' : `at most ${Math.ceil(rssBytesMax / 1e6)} MB a replica`;
  return `at most ${batchItemsMax} items a run, ${memory}`;
}

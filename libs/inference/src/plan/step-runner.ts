import { abortError, type Clock, untilAborted, withDeadline } from '#core';
import type { DeviceCheck } from '../devices/device-check.js';
import type { PoolRegistry } from '../pool/model-registry.js';
import type { PoolOptions } from '../pool/pool-options.js';
import { startPool } from '../pool/pool.js';
import type { DesiredModel } from './desired-models.js';
import { newReplicas, type ServingDefaults } from './plan.js';
import type { PlanStep } from './steps.js';

/** How long a plan waits for a pool or replica that drains; after that it goes on, and the draining takes its time. */
const LEAVE_MS_MAX = 30_000;

/** What a step runner works on and with. */
export interface StepRunnerParts {
  readonly registry: PoolRegistry;
  /** How a model of this process is served; may download its files, which an abort ends. */
  readonly poolOptions: (wanted: DesiredModel, signal: AbortSignal) => Promise<PoolOptions>;
  /** For what a model leaves open. */
  readonly defaults: ServingDefaults;
  /** Asked right before a step starts replicas; what it refuses is the step's failure. Left out, nothing is asked. */
  readonly devices?: Pick<DeviceCheck, 'require'>;
  readonly clock: Clock;
}

/** Runs the steps of plans on the models of this process. */
export class StepRunner {
  constructor(private readonly parts: StepRunnerParts) {}

  /**
   * Resolves when the step is done. An abort ends what loads or downloads, with nothing left behind, and this rejects
   * when its processes are gone, or after half a minute should one not go. A step that loads nothing is done to its
   * end.
   */
  async run(step: PlanStep, signal: AbortSignal): Promise<void> {
    const work = this.perform(step, signal);
    try {
      await untilAborted(signal, work);
    } catch (err) {
      if (!signal.aborted) throw err;
      await this.waitFor(work, () => {
        throw abortError(signal);
      });
    }
  }

  private async perform(step: PlanStep, signal: AbortSignal): Promise<void> {
    const { registry } = this.parts;
    switch (step.kind) {
      case 'start_pool':
        return this.startPool(step, signal);
      case 'add_replica':
        await this.requireDevices(step, signal);
        await registry.pool(step.model).addReplica(step.slot, signal);
        return;
      case 'set_limits':
        return registry.pool(step.model).setLimits(step);
      case 'make_default':
        return registry.makeDefault(step.model);
      case 'drain_replica':
        return this.waitFor(registry.pool(step.model).removeReplica(step.replica));
      case 'stop_pool':
        return this.waitFor(registry.remove(step.model));
    }
  }

  /** Serves the model when all its replicas are ready; none is left behind when one cannot be. */
  private async startPool(step: Extract<PlanStep, { kind: 'start_pool' }>, signal: AbortSignal): Promise<void> {
    const options = await this.parts.poolOptions(step.wanted, signal);
    await this.requireDevices(step, signal);
    this.parts.registry.add(await startPool(options, { signal, until: 'all' }));
  }

  private async requireDevices(step: PlanStep, signal: AbortSignal): Promise<void> {
    await this.parts.devices?.require(newReplicas([step], this.parts.defaults));
    if (signal.aborted) throw abortError(signal);
  }

  private async waitFor(ending: Promise<void>, onLate = (): void => undefined): Promise<void> {
    await withDeadline(this.parts.clock, LEAVE_MS_MAX, ending, onLate);
  }
}

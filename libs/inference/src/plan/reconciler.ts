import { DomainError, type Clock } from '#core';
import type { DeviceCheck } from '../devices/device-check.js';
import type { PoolRegistry } from '../model-registry.js';
import type { PoolOptions } from '../pool-options.js';
import { startPool } from '../pool.js';
import { seatOn } from '../placement.js';
import { Alarm } from '../alarm.js';
import type { DesiredModel, DesiredModels } from './desired-models.js';
import { newPlaces } from './new-places.js';
import { plan, type House } from './plan.js';
import { textOf, type PlanStep } from './steps.js';

/** A failed step is tried again after this long, then after twice as long, up to the greatest. */
const RETRY_MS_MIN = 5_000;
const RETRY_MS_MAX = 300_000;
/** How long a plan waits for what leaves; after that it goes on, and what leaves takes its time. */
const LEAVE_MS_MAX = 30_000;

/** How far the models of this process are. */
export interface ReconcileStatus {
  /** The version that is wanted; undefined before the first. */
  readonly version: number | undefined;
  /** `applied`: served as wanted; `applying`: on the way; `failed`: a step failed, what served before it still serves. */
  readonly state: 'applied' | 'applying' | 'failed';
  /** The step that is being done or that failed, in words. */
  readonly step: string | undefined;
  /** Why it failed. */
  readonly reason: string | undefined;
}

export interface ReconcilerParts {
  readonly registry: PoolRegistry;
  /** How a model of this process is served; may download its files. */
  readonly poolOptions: (wanted: DesiredModel) => Promise<PoolOptions>;
  readonly house: House;
  /** Asked right before a step starts replicas; what it refuses is the step's failure. Left out, nothing is asked. */
  readonly devices?: Pick<DeviceCheck, 'require'>;
  readonly clock: Clock;
  readonly log: (level: 'info' | 'warn', text: string, version: number) => void;
  /** Every model is served as this version wants it. Called once a version. */
  readonly onApplied?: (version: number) => void;
}

/**
 * Brings the models that are served to those that should be, one step at a time, by a plan that is made anew after each: a
 * newer version takes over between two steps, and nothing has to be remembered to go on after a failure. A step that fails
 * stops the plan there, so what served goes on serving; it is tried again later.
 */
export class Reconciler {
  private wanted: DesiredModels | undefined;
  private state: ReconcileStatus['state'] = 'applied';
  private step: string | undefined;
  private reason: string | undefined;
  private isRunning = false;
  private running: Promise<void> | undefined;
  private retryMs = RETRY_MS_MIN;
  private isOver = false;
  private readonly retry: Alarm;

  constructor(private readonly parts: ReconcilerParts) {
    this.retry = new Alarm(parts.clock);
  }

  /** From now on `desired` is what should be; an older version than the one before is ignored. */
  want(desired: DesiredModels): void {
    if (this.isOver || (this.wanted && desired.version <= this.wanted.version)) return;
    this.wanted = desired;
    this.retryMs = RETRY_MS_MIN;
    this.go();
  }

  status(): ReconcileStatus {
    return { version: this.wanted?.version, state: this.state, step: this.step, reason: this.reason };
  }

  /** Resolves when nothing is being done: all is as wanted, or a step has failed and waits for its next try. */
  async settled(): Promise<void> {
    await this.running;
  }

  /** Begins no further step. What a step under way has started, the registry ends. */
  stop(): void {
    this.isOver = true;
    this.retry.clear();
  }

  private go(): void {
    this.retry.clear();
    this.state = 'applying';
    if (this.isRunning) return;
    this.isRunning = true;
    this.running = this.work();
  }

  private async work(): Promise<void> {
    for (let next = this.next(); next; next = this.next()) {
      const { step, version } = next;
      this.step = textOf(step);
      this.parts.log('info', this.step, version);
      try {
        await this.take(step);
      } catch (error) {
        if (this.wanted?.version !== version) continue; // a newer version does not wait for an older one's retry
        this.fail(error, version);
        break;
      }
    }
    this.isRunning = false;
  }

  /** The first step that is left; undefined, with all noted, when there is none. */
  private next(): { step: PlanStep; version: number } | undefined {
    const { wanted } = this;
    if (!wanted || this.isOver) return undefined;
    const { version, models } = wanted;
    const [step] = plan(models, this.parts.registry.actual(), this.parts.house);
    if (step) return { step, version };
    this.state = 'applied';
    this.step = undefined;
    this.reason = undefined;
    this.parts.log('info', 'the models are served as wanted', version);
    this.parts.onApplied?.(version);
    return undefined;
  }

  private fail(error: unknown, version: number): void {
    const { message, internal } = DomainError.from(error);
    this.state = 'failed';
    this.reason = message;
    const why = internal === undefined ? message : `${message} (${internal})`;
    this.parts.log('warn', `not done, tried again in ${this.retryMs / 1000} s: ${this.step} ${why}`, version);
    if (this.isOver) return;
    this.retry.set(this.retryMs, () => this.go());
    this.retryMs = Math.min(this.retryMs * 2, RETRY_MS_MAX);
  }

  private async take(step: PlanStep): Promise<void> {
    const { registry } = this.parts;
    switch (step.kind) {
      case 'start_pool':
        return this.startPool(step);
      case 'add_replica':
        await this.requireDevices(step);
        await registry.pool(step.model).addReplica(seatOn(step.seat.device, step.seat.threads));
        return;
      case 'set_limits':
        return registry.pool(step.model).setLimits(step);
      case 'make_default':
        return registry.makeDefault(step.model);
      case 'drain_replica':
        return this.leave(registry.pool(step.model).removeReplica(step.replica));
      case 'stop_pool':
        return this.leave(registry.remove(step.model));
    }
  }

  /** Serves the model when all its replicas are ready; none is left behind when one cannot be. */
  private async startPool(step: Extract<PlanStep, { kind: 'start_pool' }>): Promise<void> {
    const options = await this.parts.poolOptions(step.wanted);
    await this.requireDevices(step);
    const pool = await startPool(options);
    try {
      await pool.allReady();
    } catch (error) {
      await pool.close();
      throw error;
    }
    this.parts.registry.add(pool);
  }

  private async requireDevices(step: PlanStep): Promise<void> {
    await this.parts.devices?.require(newPlaces([step], this.parts.house));
  }

  private async leave(leaving: Promise<void>): Promise<void> {
    const late = Promise.withResolvers<void>();
    const cancel = this.parts.clock.after(LEAVE_MS_MAX, late.resolve);
    await Promise.race([leaving, late.promise]);
    cancel();
  }
}

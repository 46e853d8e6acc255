import { DomainError, Timer } from '#core';
import { isSameState, requireServable, type DesiredModels } from './desired-models.js';
import { plan } from './plan.js';
import { StepRunner, type StepRunnerParts } from './step-runner.js';
import { formatStep, type PlanStep } from './steps.js';

/** A failed step is tried again after this long, then after twice as long, up to the greatest. */
const RETRY_MS_MIN = 5_000;
const RETRY_MS_MAX = 300_000;

/** How far the models of this process are from the desired ones. */
export interface ReconcileStatus {
  /** The version that is wanted; undefined before the first. */
  readonly version: number | undefined;
  /**
   * `applied`: served as wanted; `applying`: on the way; `failed`: a step failed, what served before it still serves.
   */
  readonly state: 'applied' | 'applying' | 'failed';
  /** The step that runs or that failed, in words; undefined when the version itself cannot be served. */
  readonly step: string | undefined;
  /** Why it failed. */
  readonly reason: string | undefined;
  /** The model that the step is about; undefined without a step. */
  readonly model: string | undefined;
  /** Since when it is in this state, in milliseconds since 1970. */
  readonly sinceMs: number;
}

/** What a reconciler works on and with. */
export interface ReconcilerParts extends StepRunnerParts {
  readonly log: (level: 'info' | 'warn', text: string, version: number) => void;
  /** Every model is served as this version wants it. Called once a version. */
  readonly onApplied?: (version: number) => void;
}

/** A step that runs. */
interface UnderWay {
  readonly step: PlanStep;
  /** The version that it was planned for. */
  readonly wanted: DesiredModels;
  readonly breaking: AbortController;
}

/**
 * Brings the models that are served to the desired ones, one step at a time, by a plan that is made anew after each: a
 * newer version takes over between two steps, and nothing has to be remembered to go on after a failure. A load that a
 * newer version has no use for is aborted. A step that fails stops the plan there, so what served goes on serving; it
 * is tried again later.
 *
 * @example
 * const reconciler = new Reconciler({ registry, poolOptions, defaults, clock, log });
 * reconciler.setDesired({ version: 7, models });
 * await reconciler.settled();
 * reconciler.status().state; // 'applied'
 */
export class Reconciler {
  private wanted: DesiredModels | undefined;
  private state: ReconcileStatus['state'] = 'applied';
  private step: PlanStep | undefined;
  private sinceMs: number;
  private reason: string | undefined;
  private isRunning = false;
  private running: Promise<void> | undefined;
  private underWay: UnderWay | undefined;
  private retryMs = RETRY_MS_MIN;
  private isOver = false;
  private readonly retry: Timer;
  private readonly steps: StepRunner;

  constructor(private readonly parts: ReconcilerParts) {
    this.retry = new Timer(parts.clock);
    this.sinceMs = parts.clock.wallMs();
    this.steps = new StepRunner(parts);
  }

  /**
   * Sets the models that should be served from now on. The version may be lower than the one before: a database that
   * was restored from a back-up has gone back.
   */
  setDesired(desired: DesiredModels): void {
    const { wanted: before, underWay } = this;
    if (this.isOver || (before && isSameVersion(before, desired))) return;
    if (before && desired.version < before.version) {
      const text = `the database has gone back from version ${before.version} to ${desired.version}, which is followed`;
      this.parts.log('warn', text, desired.version);
    }
    this.wanted = desired;
    this.retryMs = RETRY_MS_MIN;
    if (underWay && !isSamePlacement(underWay.step.model, underWay.wanted, desired)) this.breakOff(underWay);
    this.start();
  }

  /** Compares what is served with what is wanted, though nobody has changed that: a replica may be gone. */
  check(): void {
    if (this.wanted && !this.isOver) this.start();
  }

  status(): ReconcileStatus {
    const { wanted, state, step, reason, sinceMs } = this;
    const about = { step: step && formatStep(step), model: step?.model };
    return { version: wanted?.version, state, ...about, reason, sinceMs };
  }

  /** Resolves when no step runs: all is as wanted, or a step has failed and waits for its next try. */
  async settled(): Promise<void> {
    await this.running;
  }

  /** Begins no further step, and breaks off a load under way. */
  stop(): void {
    this.isOver = true;
    this.retry.clear();
    if (this.underWay) this.breakOff(this.underWay);
  }

  /** Aborts a step that loads; another step goes on to its end. */
  private breakOff({ step, wanted, breaking }: UnderWay): void {
    const loads = step.kind === 'start_pool' || step.kind === 'add_replica';
    if (!loads || breaking.signal.aborted) return;
    this.parts.log('info', `broken off: ${formatStep(step)}`, wanted.version);
    breaking.abort();
  }

  private start(): void {
    this.retry.clear();
    this.become('applying');
    if (this.isRunning) return;
    this.isRunning = true;
    this.running = this.runSteps();
  }

  /** Never rejects: whatever goes wrong is the failure of the version that it went wrong for. */
  private async runSteps(): Promise<void> {
    while (this.wanted && !this.isOver) {
      const { wanted } = this;
      try {
        const step = this.nextStep(wanted);
        if (!step) break;
        await this.runStep(step, wanted);
      } catch (error) {
        if (this.isOver || this.wanted !== wanted) continue; // a newer version does not wait for an older one's retry
        this.fail(error, wanted.version);
        break;
      }
    }
    this.isRunning = false;
  }

  /**
   * The first step that is left; undefined, with all noted, when there is none. Throws for a version that cannot be
   * served: one that another release of this service has written, or a hand.
   */
  private nextStep({ version, models }: DesiredModels): PlanStep | undefined {
    this.step = undefined;
    requireServable(models);
    const [step] = plan(models, this.parts.registry.actual(), this.parts.defaults);
    if (step) return step;
    this.become('applied');
    this.reason = undefined;
    this.parts.log('info', 'the models are served as wanted', version);
    this.parts.onApplied?.(version);
    return undefined;
  }

  private async runStep(step: PlanStep, wanted: DesiredModels): Promise<void> {
    this.step = step;
    this.parts.log('info', formatStep(step), wanted.version);
    const breaking = new AbortController();
    this.underWay = { step, wanted, breaking };
    try {
      await this.steps.run(step, breaking.signal);
    } finally {
      this.underWay = undefined;
    }
  }

  private become(state: ReconcileStatus['state']): void {
    if (this.state !== state) this.sinceMs = this.parts.clock.wallMs();
    this.state = state;
  }

  private fail(error: unknown, version: number): void {
    const { message, internal } = DomainError.from(error);
    this.become('failed');
    this.reason = message;
    const what = this.step === undefined ? '' : `${formatStep(this.step)} `;
    const why = internal === undefined ? message : `${message} (${internal})`;
    this.parts.log('warn', `not done, tried again in ${this.retryMs / 1000} s: ${what}${why}`, version);
    this.retry.set(this.retryMs, () => this.start());
    this.retryMs = Math.min(this.retryMs * 2, RETRY_MS_MAX);
  }
}

function isSameVersion(one: DesiredModels, other: DesiredModels): boolean {
  return one.version === other.version && isSameState(one.models, other.models);
}

/** Whether both want the same replicas of a model, or none: a load for the one is of use for the other then. */
function isSamePlacement(model: string, one: DesiredModels, other: DesiredModels): boolean {
  const replicasOf = ({ models }: DesiredModels): string => {
    const wanted = models.find(({ name }) => name === model);
    return JSON.stringify([wanted?.replicas, wanted?.devices]);
  };
  return replicasOf(one) === replicasOf(other);
}

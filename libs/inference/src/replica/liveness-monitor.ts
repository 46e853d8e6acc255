import { Timer, type Clock } from '#core';
import type { ProcessReading } from './process-probe.js';
import { StallDetector } from './stall-detector.js';

/** A replica that encodes nothing, idle or busy with items that fail, must pass a real run this often. */
export const HEALTH_RUN_EVERY_MS = 5_000;
const BUSY_RECHECK_MS = 1_000;
/** A costly batch gets this many times its estimated work on top of the run timeout: cores may be slow, and shared. */
const COSTLY_SLACK = 8;
const HUNG_ADVICE = 'it hangs, or the model needs smaller batches or a longer limit on this device';

/** What the monitor asks of the run that it watches. */
export interface MonitoredRun {
  /** Whether a batch or a health run is under way. */
  isWorking(): boolean;
  /** Whether that is work that is done in turn; costly batches are done beside it. */
  owesAnswer(): boolean;
  /** Do a real forward run after what is held, unless one is asked for already. */
  ping(): void;
  /** It was silent, or stood still, for too long. */
  hung(reason: string): void;
}

/** What is to be expected of a replica. */
export interface LivenessLimits {
  readonly runMsMax: number;
  readonly loadMsMax: number;
  /** It computes on the CPU, so that its work shows as CPU time. */
  readonly worksOnCpu: boolean;
}

/**
 * The watchdog of one run of a replica. It goes by the run's answers and by its process: work must be answered in time,
 * a replica that has encoded nothing for a while must pass a health run, and a process must not stand still.
 */
export class LivenessMonitor {
  private forwardAtMs: number | undefined;
  private readonly runTimeout: Timer;
  private readonly costlyTimeout: Timer;
  private readonly healthCheck: Timer;
  private readonly stall: StallDetector;

  constructor(
    private readonly clock: Clock,
    private readonly limits: LivenessLimits,
    private readonly run: MonitoredRun,
  ) {
    this.runTimeout = new Timer(clock);
    this.costlyTimeout = new Timer(clock);
    this.healthCheck = new Timer(clock);
    this.stall = new StallDetector(clock);
  }

  /** When the last real forward run passed, on the pool's clock; undefined when there was none in this run. */
  get lastForwardAtMs(): number | undefined {
    return this.forwardAtMs;
  }

  loadStarted(): void {
    const { loadMsMax } = this.limits;
    this.runTimeout.set(loadMsMax, () => this.run.hung(`it did not load within ${loadMsMax} ms`));
  }

  /** The load has passed, and its warm-up was a real run. */
  loadPassed(): void {
    this.forwardPassed();
    this.healthCheck.set(HEALTH_RUN_EVERY_MS, () => this.checkHealth());
  }

  forwardPassed(): void {
    this.forwardAtMs = this.clock.now();
    this.restartRunTimeout();
  }

  /** Gives what is under way the full time from now. */
  restartRunTimeout(): void {
    const { runMsMax } = this.limits;
    this.runTimeout.set(runMsMax, () => {
      if (this.run.owesAnswer()) this.run.hung(`no answer within ${runMsMax} ms: ${HUNG_ADVICE}`);
    });
  }

  /** A costly batch of so much work is under way; only one is at a time. */
  costlyStarted(workMs: number): void {
    const waitMsMax = this.limits.runMsMax + COSTLY_SLACK * workMs;
    this.costlyTimeout.set(waitMsMax, () =>
      this.run.hung(`no answer for a costly picture within ${Math.round(waitMsMax)} ms`),
    );
  }

  costlyEnded(): void {
    this.costlyTimeout.clear();
  }

  /** Requests a forward run. It gives what is under way no more time. */
  requestForwardRun(): void {
    if (!this.run.owesAnswer()) this.restartRunTimeout();
    this.run.ping();
  }

  /** Takes in a reading of the process. */
  observe(reading: ProcessReading): void {
    const { worksOnCpu } = this.limits;
    const stalled = this.stall.observe(reading, { isWorking: this.run.isWorking(), worksOnCpu });
    if (stalled !== undefined) this.run.hung(stalled);
  }

  /** Watches no longer. */
  stop(): void {
    this.runTimeout.clear();
    this.costlyTimeout.clear();
    this.healthCheck.clear();
    this.forwardAtMs = undefined;
  }

  private checkHealth(): void {
    const ageMs = this.clock.now() - (this.forwardAtMs ?? 0);
    if (ageMs < HEALTH_RUN_EVERY_MS) {
      return this.healthCheck.set(HEALTH_RUN_EVERY_MS - ageMs, () => this.checkHealth());
    }
    this.healthCheck.set(BUSY_RECHECK_MS, () => this.checkHealth());
    this.requestForwardRun();
  }
}

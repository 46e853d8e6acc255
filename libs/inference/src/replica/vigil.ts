import type { Clock } from '#core';
import { Alarm } from './alarm.js';
import type { ProcessReading } from './process-probe.js';
import { StallDetector } from './stall-detector.js';

/** A replica that encodes nothing, idle or busy with items that fail, shows this often, by a real run, that it lives. */
export const HEALTH_RUN_EVERY_MS = 5_000;
const BUSY_RECHECK_MS = 1_000;
/** A costly batch has this many times its estimated work beside the time of a run: cores may be slow, and shared. */
const COSTLY_SLACK = 8;
const HUNG_ADVICE = 'it hangs, or the model needs smaller batches or a longer limit on this device';

/** What a vigil asks of the replica it watches. */
export interface Watched {
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
export interface VigilLimits {
  readonly runMsMax: number;
  readonly loadMsMax: number;
  /** It computes on the CPU, so that its work shows as CPU time. */
  readonly worksOnCpu: boolean;
}

/**
 * Watches over one life of a replica, by its answers and by its process: work must be answered in time, one that has
 * encoded nothing for a while must prove that it can, and a process must not stand still.
 */
export class Vigil {
  private forwardAtMs: number | undefined;
  private readonly patience: Alarm;
  private readonly costly: Alarm;
  private readonly health: Alarm;
  private readonly stall: StallDetector;

  constructor(
    private readonly clock: Clock,
    private readonly limits: VigilLimits,
    private readonly watched: Watched,
  ) {
    this.patience = new Alarm(clock);
    this.costly = new Alarm(clock);
    this.health = new Alarm(clock);
    this.stall = new StallDetector(clock);
  }

  /** When the last real forward run passed, on the pool's clock; undefined when there was none in this life. */
  get lastForwardAtMs(): number | undefined {
    return this.forwardAtMs;
  }

  /** A load has begun. */
  loading(): void {
    const { loadMsMax } = this.limits;
    this.patience.set(loadMsMax, () => this.watched.hung(`it did not load within ${loadMsMax} ms`));
  }

  /** The load has passed, and its warm-up was a real run. */
  loaded(): void {
    this.forwardPassed();
    this.health.set(HEALTH_RUN_EVERY_MS, () => this.checkHealth());
  }

  forwardPassed(): void {
    this.forwardAtMs = this.clock.now();
    this.progressed();
  }

  /** Gives what is under way the full time from now. */
  progressed(): void {
    const { runMsMax } = this.limits;
    this.patience.set(runMsMax, () => {
      if (this.watched.owesAnswer()) this.watched.hung(`no answer within ${runMsMax} ms: ${HUNG_ADVICE}`);
    });
  }

  /** A costly batch of so much work is under way; only one is at a time. */
  costlyBegun(workMs: number): void {
    const waitMsMax = this.limits.runMsMax + COSTLY_SLACK * workMs;
    this.costly.set(waitMsMax, () =>
      this.watched.hung(`no answer for a costly picture within ${Math.round(waitMsMax)} ms`),
    );
  }

  costlyEnded(): void {
    this.costly.clear();
  }

  /** Asks for a forward run. What is under way gets no more time by this. */
  prove(): void {
    if (!this.watched.owesAnswer()) this.progressed();
    this.watched.ping();
  }

  /** Takes in how the process is doing. */
  look(reading: ProcessReading): void {
    const { worksOnCpu } = this.limits;
    const stalled = this.stall.look(reading, { isWorking: this.watched.isWorking(), worksOnCpu });
    if (stalled !== undefined) this.watched.hung(stalled);
  }

  end(): void {
    this.patience.clear();
    this.costly.clear();
    this.health.clear();
    this.forwardAtMs = undefined;
  }

  private checkHealth(): void {
    const ageMs = this.clock.now() - (this.forwardAtMs ?? 0);
    if (ageMs < HEALTH_RUN_EVERY_MS) return this.health.set(HEALTH_RUN_EVERY_MS - ageMs, () => this.checkHealth());
    this.health.set(BUSY_RECHECK_MS, () => this.checkHealth());
    this.prove();
  }
}

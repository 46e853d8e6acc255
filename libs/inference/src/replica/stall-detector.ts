import type { Clock } from '#core';
import type { ProcessReading } from './process-probe.js';

/**
 * How long a process may do nothing at all before that counts as hanging: polled once a second, it is noticed within 4
 * s.
 */
const STALL_MS_MAX = 2_500;

/** What a replica should be doing while it is polled. */
export interface Expectation {
  /** A batch or a health run is under way. */
  readonly isWorking: boolean;
  /** It computes on the CPU, so that work shows as CPU time; one that waits for a GPU may use none. */
  readonly worksOnCpu: boolean;
}

/**
 * Distinguishes a process that hangs from one that is busy, without asking it: a long run blocks its event loop, so it
 * could not answer, but it uses CPU time. Stopped (SIGSTOP), or asleep without using any while it has work, is hanging.
 * A process that waits for a disk is in another state and is left alone.
 */
export class StallDetector {
  private sinceMs: number | undefined;
  private lastTicks: number | undefined;

  constructor(private readonly clock: Clock) {}

  /** Why it hangs; undefined while it does not, or not for long enough to say so. */
  observe(reading: ProcessReading, expected: Expectation): string | undefined {
    const suspicion = this.suspicion(reading, expected);
    this.lastTicks = reading.cpuTicks;
    if (suspicion === undefined) {
      this.sinceMs = undefined;
      return undefined;
    }
    this.sinceMs ??= this.clock.now();
    return this.clock.now() - this.sinceMs >= STALL_MS_MAX ? suspicion : undefined;
  }

  private suspicion({ state, cpuTicks }: ProcessReading, { isWorking, worksOnCpu }: Expectation): string | undefined {
    if (state === 'stopped') return 'it hangs: its process is stopped (SIGSTOP or a debugger)';
    const isIdle = state === 'sleeping' && cpuTicks === this.lastTicks;
    return isWorking && worksOnCpu && isIdle ? 'it hangs: it has work and uses no CPU time' : undefined;
  }
}

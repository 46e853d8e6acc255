import { thrownText } from '#core';
import type { Clock } from '#core';
import type { Replica } from '../replica/replica.js';
import type { ReplicaMemory } from '../replica/replica-run.js';

/** After a replacement that was no use, how long it waits before the next; twice as long after each more. */
const PAUSE_MS_MIN = 60_000;
const PAUSE_MS_MAX = 3_600_000;

/** What the ceiling asks of the replica set. */
export interface Replacing {
  /** Starts another in the same place, then lets this one finish and exit. Rejects when the other cannot be started. */
  replace(replica: Replica): Promise<void>;
  log(level: 'info' | 'warn', text: string, replica: string): void;
}

/**
 * Replaces replicas that have grown past their memory ceiling, one at a time, the new one ready before the old one
 * goes: no request notices. A model that is past the ceiling as soon as it is loaded is left alone: a fresh one would
 * be no smaller, so the ceiling is what is wrong, and the log says so. One that outgrows it with its first work is
 * replaced more and more seldom: that may be the same, or a leak.
 */
export class MemoryCeiling {
  private isReplacing = false;
  private notBeforeMs = -Infinity;
  private pauseMs = PAUSE_MS_MIN;
  private readonly logged = new Set<string>();

  /** `bytesMax` may be changed at any time; undefined = there is no ceiling. */
  constructor(
    public bytesMax: number | undefined,
    private readonly clock: Clock,
    private readonly replicas: Replacing,
  ) {}

  /** Replaces a replica that is above the ceiling, if there is one. */
  check(replicas: readonly Replica[]): void {
    const { bytesMax } = this;
    if (bytesMax === undefined || this.isReplacing || this.clock.now() < this.notBeforeMs) return;
    for (const replica of replicas) {
      const { memory, state } = replica;
      if (state !== 'ready' || memory?.atReadyBytes === undefined || memory.rssBytes <= bytesMax) continue;
      if (memory.atReadyBytes <= bytesMax) return void this.replace(replica, memory, bytesMax);
      this.logTooLow(replica, memory.atReadyBytes, bytesMax);
    }
  }

  private async replace(
    replica: Replica,
    { rssBytes, earlyPeakBytes }: ReplicaMemory,
    bytesMax: number,
  ): Promise<void> {
    const { replica: name } = replica.placement;
    this.isReplacing = true;
    this.replicas.log('info', `it holds ${megabytes(rssBytes)} and may hold ${megabytes(bytesMax)}: replaced`, name);
    try {
      await this.replicas.replace(replica);
      if (earlyPeakBytes > bytesMax) this.outgrown(earlyPeakBytes, bytesMax, name);
      else this.pauseMs = PAUSE_MS_MIN;
    } catch (error) {
      this.replicas.log('warn', `it holds too much memory and cannot be replaced: ${thrownText(error)}`, name);
      this.notBeforeMs = this.clock.now() + PAUSE_MS_MIN;
    } finally {
      this.isReplacing = false;
    }
  }

  private outgrown(earlyPeakBytes: number, bytesMax: number, name: string): void {
    const [held, may] = [megabytes(earlyPeakBytes), megabytes(bytesMax)];
    const next = `the next replacement is in ${this.pauseMs / 60_000} min at the earliest`;
    this.replicas.log(
      'warn',
      `it came to hold ${held} with its first work, more than the ceiling of ${may}: raise it; ${next}`,
      name,
    );
    this.notBeforeMs = this.clock.now() + this.pauseMs;
    this.pauseMs = Math.min(this.pauseMs * 2, PAUSE_MS_MAX);
  }

  private logTooLow(replica: Replica, atReadyBytes: number, bytesMax: number): void {
    const { replica: name } = replica.placement;
    if (this.logged.has(name)) return;
    this.logged.add(name);
    const [held, may] = [megabytes(atReadyBytes), megabytes(bytesMax)];
    this.replicas.log(
      'warn',
      `the model needs ${held} from the start, more than the ceiling of ${may}: raise it`,
      name,
    );
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}

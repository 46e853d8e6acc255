import type { Interval } from '#core';

/** When a batch was prepared and run. */
export interface BatchTimes {
  /** Decoding or tokenizing. May overlap the run of the batch before. */
  readonly prepare: Interval;
  /** The run of the model. */
  readonly run: Interval;
}

/**
 * Turns times on a replica's clock into times on the pool's. Both clocks tick alike on one machine, but begin at
 * different moments. Each answer bounds how far they are apart: the replica cannot have begun before the batch was
 * sent, nor have ended after its answer was received (Cristian's algorithm, 1989). All answers together bound it better
 * than one; once they contradict each other, since a clock is slow, only the latest counts.
 *
 * @example
 * const clock = new ReplicaClock();
 * clock.toPool({ prepare, run }, { startMs: sentMs, endMs: receivedMs });
 */
export class ReplicaClock {
  /** What is added to the replica's times is between these two. */
  private offsetMsMin = -Infinity;
  private offsetMsMax = Infinity;

  /** `window`: from the sending of the batch to the receipt of its answer; the times that are returned lie in it. */
  toPool({ prepare, run }: BatchTimes, window: Interval): BatchTimes {
    this.observe(window.startMs - prepare.startMs, window.endMs - run.endMs);
    const offsetMs = (this.offsetMsMin + this.offsetMsMax) / 2;
    const shift = (atMs: number) => Math.min(window.endMs, Math.max(window.startMs, atMs + offsetMs));
    const shiftBoth = ({ startMs, endMs }: Interval) => ({ startMs: shift(startMs), endMs: shift(endMs) });
    return { prepare: shiftBoth(prepare), run: shiftBoth(run) };
  }

  private observe(offsetMsMin: number, offsetMsMax: number): void {
    this.offsetMsMin = Math.max(this.offsetMsMin, offsetMsMin);
    this.offsetMsMax = Math.min(this.offsetMsMax, offsetMsMax);
    if (this.offsetMsMin <= this.offsetMsMax) return;
    this.offsetMsMin = offsetMsMin;
    this.offsetMsMax = offsetMsMax;
  }
}

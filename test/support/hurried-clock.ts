import type { Clock } from '#core';

/** A clock whose pauses end at once; it keeps what was asked for. Time passes only by these pauses. */
export class HurriedClock implements Clock {
  readonly delaysMs: number[] = [];
  private nowMs = Date.UTC(2026, 0, 1);

  now(): number {
    return this.nowMs;
  }

  wallMs(): number {
    return this.nowMs;
  }

  /** Short pauses run; the long ones are reminders (touching, beating), which no test waits for. */
  after(delayMs: number, task: () => void): () => void {
    this.delaysMs.push(delayMs);
    if (delayMs === 5_000 || delayMs === 60_000) return () => undefined;
    const immediate = setImmediate(() => {
      this.nowMs += delayMs;
      task();
    });
    return () => clearImmediate(immediate);
  }

  advance(byMs: number): void {
    this.nowMs += byMs;
  }
}

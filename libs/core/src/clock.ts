/**
 * Time as an argument: schedulers and policies take a Clock, so that tests turn time by hand.
 *
 * @example const cancel = clock.after(500, () => socket.destroy());
 */
export interface Clock {
  /** Monotonic milliseconds (fractions kept); only differences mean anything. */
  now(): number;
  /** Milliseconds since 1970, as a person's clock shows them. They may jump: use them for stamps only. */
  wallMs(): number;
  /** Calls `task` once after `delayMs`; the answer cancels it. Never keeps the process alive by itself. */
  after(delayMs: number, task: () => void): () => void;
}

/** The machine's time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

const KEEP_ALIVE_MS = 60_000;

/** Keeps the process from ending until the answer is called. No timer of a clock does that. */
export function keepProcessAlive(): () => void {
  const timer = setInterval(() => undefined, KEEP_ALIVE_MS);
  return () => clearInterval(timer);
}

/** A clock that stands still until `advance` is called; due tasks run in order of their time. */
export class ManualClock implements Clock {
  private nowMs = 0;
  private tasks: { atMs: number; task: () => void }[] = [];

  now(): number {
    return this.nowMs;
  }

  wallMs(): number {
    return this.nowMs;
  }

  after(delayMs: number, task: () => void): () => void {
    const entry = { atMs: this.nowMs + delayMs, task };
    this.tasks.push(entry);
    return () => {
      this.tasks = this.tasks.filter((other) => other !== entry);
    };
  }

  advance(byMs: number): void {
    const untilMs = this.nowMs + byMs;
    for (let next = this.nextDue(untilMs); next; next = this.nextDue(untilMs)) {
      this.tasks = this.tasks.filter((entry) => entry !== next);
      this.nowMs = next.atMs;
      next.task();
    }
    this.nowMs = untilMs;
  }

  private nextDue(untilMs: number): { atMs: number; task: () => void } | undefined {
    return this.tasks.filter((entry) => entry.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
  }
}

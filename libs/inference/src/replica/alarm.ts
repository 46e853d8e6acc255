import type { Clock } from '#core';

/** One timer that is set anew, again and again: setting it drops what it was set to before. */
export class Alarm {
  private cancel: (() => void) | undefined;

  constructor(private readonly clock: Clock) {}

  set(delayMs: number, task: () => void): void {
    this.clear();
    this.cancel = this.clock.after(delayMs, () => {
      this.cancel = undefined;
      task();
    });
  }

  clear(): void {
    this.cancel?.();
    this.cancel = undefined;
  }
}

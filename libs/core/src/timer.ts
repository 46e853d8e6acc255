import type { Clock } from './clock.js';

/**
 * One timer that can be set again and again: setting it cancels what it was set to before.
 *
 * @example
 * const idle = new Timer(clock);
 * socket.on('data', () => idle.set(30_000, () => socket.destroy()));
 */
export class Timer {
  private cancel: (() => void) | undefined;

  constructor(private readonly clock: Clock) {}

  /** Calls `task` once after `delayMs`. It never keeps the process alive. */
  set(delayMs: number, task: () => void): void {
    this.clear();
    this.cancel = this.clock.after(delayMs, () => {
      this.cancel = undefined;
      task();
    });
  }

  /** Cancels what it was set to; does nothing when it is not set. */
  clear(): void {
    this.cancel?.();
    this.cancel = undefined;
  }
}

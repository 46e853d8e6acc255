import { DomainError, type Clock } from '#core';

/**
 * Work that many callers ask for and that runs rarely: one run at a time, starts at least `gapMs` apart. A run that
 * has begun does not count for who asks later, since it may have read before; everybody who waits shares the next one.
 */
export class PacedTask {
  private next: Promise<void> | undefined;
  private running: Promise<void> = Promise.resolve();
  private startedMs = -Infinity;
  private stopped = false;
  private wake: (() => void) | undefined;

  constructor(
    private readonly options: { readonly clock: Clock; readonly gapMs: number; readonly work: () => Promise<void> },
  ) {}

  /** Resolves, or rejects as the work does, after a run that starts after this call. */
  run(): Promise<void> {
    this.next ??= this.startWhenDue();
    return this.next;
  }

  /** Whoever waits for a run that has not started gets `shutting_down`. */
  stop(): void {
    this.stopped = true;
    this.wake?.();
  }

  private async startWhenDue(): Promise<void> {
    await this.running;
    await this.pause(this.startedMs + this.options.gapMs - this.options.clock.now());
    this.next = undefined;
    if (this.stopped) throw new DomainError('shutting_down', 'The server is shutting down. Try again on another one.');
    this.startedMs = this.options.clock.now();
    const work = this.options.work();
    this.running = work.catch(() => undefined);
    await work;
  }

  private pause(forMs: number): Promise<void> {
    if (forMs <= 0 || this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.options.clock.after(forMs, resolve);
      this.wake = () => {
        cancel();
        resolve();
      };
    });
  }
}

import type { Clock } from './clock.js';

/**
 * Work that is done every so often, one run at a time: the time to the next run begins when the last one has ended, so that
 * runs that wait for something slow do not pile up behind it.
 */
export class RepeatedTask {
  private cancel: (() => void) | undefined;
  private running: Promise<void> = Promise.resolve();
  private isStopped = true;

  /** `work` may reject: the next run tries again, and telling of it is the business of `work`. */
  constructor(
    private readonly options: {
      readonly clock: Clock;
      readonly periodMs: number;
      readonly work: () => void | Promise<unknown>;
    },
  ) {}

  /** Begins; the first run comes after one period. Does nothing when it has begun. */
  start(): void {
    if (!this.isStopped) return;
    this.isStopped = false;
    this.schedule();
  }

  /** Begins no more runs, and resolves when the one under way has ended. Never rejects. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.cancel?.();
    await this.running;
  }

  /** Resolves when the run under way has ended and the next one waits for its time. */
  async settled(): Promise<void> {
    await this.running;
  }

  private schedule(): void {
    const { clock, periodMs } = this.options;
    this.cancel = clock.after(periodMs, () => {
      this.running = this.run();
    });
  }

  private async run(): Promise<void> {
    try {
      await this.options.work();
    } catch {
      // The next run tries again.
    }
    if (!this.isStopped) this.schedule();
  }
}

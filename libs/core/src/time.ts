import { untilAborted } from './abort.js';
import { type Clock, keepProcessAlive } from './clock.js';

/**
 * One timer that can be set again and again. Setting it cancels what it was set to before.
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

/**
 * Resolves after `delayMs`, and keeps the process alive until then, since the caller has something left to do.
 *
 * @throws DomainError at once when `signal` aborts, as `abortError` gives it
 * @example await sleep(clock, 500, signal);
 */
export async function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.after(delayMs, resolve);
  const release = keepProcessAlive();
  try {
    await (signal ? untilAborted(signal, promise) : promise);
  } finally {
    cancel();
    release();
  }
}

/**
 * Returns what `work` gives, or what `onLate` gives (or throws) when `work` has not ended after `msMax`. Late work goes
 * on, and its outcome is dropped; `onLate` may end it.
 *
 * @example
 * const cards = await withDeadline(clock, 20_000, readCards(), () => undefined);
 */
export async function withDeadline<T, L>(
  clock: Clock,
  msMax: number,
  work: Promise<T>,
  onLate: () => L,
): Promise<T | L> {
  const late = Promise.withResolvers<void>();
  const cancel = clock.after(msMax, late.resolve);
  try {
    return await Promise.race([work, late.promise.then(onLate)]);
  } finally {
    cancel();
  }
}

/** Work that is repeated until it is stopped. */
export interface Repetition {
  /** Begins no more runs, and resolves when the one under way has ended. Never rejects. */
  stop(): Promise<void>;
  /** Resolves when the run under way has ended and the next one waits for its time. Never rejects. */
  settled(): Promise<void>;
}

/**
 * Calls `work` every `periodMs`, for the first time after one period. The time to the next run begins when the last one
 * has ended, so runs that wait for something slow do not pile up. The next run follows a rejected one all the same;
 * `work` itself reports failures. Never keeps the process alive.
 *
 * @example
 * const polls = every(clock, 500, () => store.poll());
 * await polls.stop();
 */
export function every(clock: Clock, periodMs: number, work: () => void | Promise<unknown>): Repetition {
  const timer = new Timer(clock);
  let running: Promise<void> = Promise.resolve();
  let isStopped = false;
  const schedule = (): void => {
    if (!isStopped) timer.set(periodMs, run);
  };
  const run = (): void => {
    let ending: void | Promise<unknown> = undefined;
    try {
      ending = work();
    } finally {
      // The next run follows finished work without a turn of the event loop between them.
      if (ending instanceof Promise) running = ending.then(schedule, schedule);
      else schedule();
    }
  };
  schedule();
  return {
    settled: () => running,
    stop: () => {
      isStopped = true;
      timer.clear();
      return running;
    },
  };
}

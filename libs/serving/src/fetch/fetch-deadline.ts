import { abortError, type Clock, untilAborted } from '#core';
import { fetchFailed } from './fetch-error.js';

/**
 * One fetch's end: the caller is gone, the fetcher closes, or the time is up, whichever comes first. The time covers
 * everything from the first turn on the network (name look-up, redirects, body), but not the wait for that turn.
 */
export class FetchDeadline {
  private readonly controller = new AbortController();
  private stopClock: (() => void) | undefined;

  /** `endings` abort the fetch too; their reasons become its error as `abortError` reads them. */
  constructor(
    private readonly clock: Clock,
    private readonly timeoutMs: number,
    private readonly endings: readonly AbortSignal[],
  ) {
    for (const ending of endings) {
      if (ending.aborted) this.controller.abort(abortError(ending));
      ending.addEventListener('abort', this.onEnding, { once: true });
    }
  }

  /** Its reason is always a DomainError. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Starts the clock of a fetch from `host`, as messages show it; later calls change nothing. */
  start(host: string): void {
    this.stopClock ??= this.clock.after(this.timeoutMs, () => {
      this.controller.abort(
        fetchFailed(
          'timeout',
          `The image did not arrive from ${host} within ${this.timeoutMs} ms. Send the image itself, or try again.`,
        ),
      );
    });
  }

  /**
   * `work`, or the deadline's error as soon as it is over: undici leaves a request that waits for its connection alone
   * until the connection stands or fails, abort or not.
   */
  race<T>(work: Promise<T>): Promise<T> {
    return untilAborted(this.signal, work);
  }

  /** Must be called when the fetch is over, so that long-lived signals do not collect listeners. */
  release(): void {
    this.stopClock?.();
    for (const ending of this.endings) ending.removeEventListener('abort', this.onEnding);
  }

  private readonly onEnding = (event: Event): void => {
    const ending = this.endings.find((candidate) => candidate === event.target);
    if (ending) this.controller.abort(abortError(ending));
  };
}

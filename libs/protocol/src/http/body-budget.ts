import { DomainError } from '#core';

/** After this long, in milliseconds, some of the bodies under way have surely arrived or been given up. */
const RETRY_AFTER_MS = 1_000;

/**
 * Bounds what all HTTP bodies that are being read hold together: each is bounded by itself, but nothing else keeps many
 * slow uploads from filling the memory. A lone body always fits.
 */
export class BodyBudget {
  private used = 0;

  constructor(private readonly bytesMax: number) {}

  /** Throws `queue_full` when the others leave no room for `bytes` more. */
  take(bytes: number): void {
    if (this.used > 0 && this.used + bytes > this.bytesMax) {
      throw new DomainError('queue_full', 'The server is reading too many large requests. Send this one again later.', {
        internal: `${this.used} of ${this.bytesMax} bytes`,
        retryAfterMs: RETRY_AFTER_MS,
      });
    }
    this.used += bytes;
  }

  giveBack(bytes: number): void {
    this.used -= bytes;
  }
}

import { DomainError, type UsageLimitName } from '#core';

/** How one limit stands after a request, for the caller to read. */
export interface RateLimitState {
  readonly name: UsageLimitName;
  readonly limit: number;
  /** What all processes together still have, as far as this one knows; never negative. */
  readonly remaining: number;
  /** Until the whole limit is there again, in milliseconds from now. */
  readonly resetMs: number;
  /** Length of the window; a limit on what is in flight has none. */
  readonly windowMs?: number;
}

/** The permission to begin one request. */
export interface Grant {
  /** One state per limit that applies; of the token's and the service's own the tighter one. */
  readonly states: readonly RateLimitState[];
  /**
   * Gives the places in flight back. Must be called when the work ends, however it ends, unless `undo` is; whatever is called
   * after one of the two does nothing.
   */
  finish(): void;
  /** Gives everything back, as if the request had not been: it was turned away. */
  undo(): void;
}

/** `rate_limited` together with the state of the limits; without `retryAfterMs` when the request can never fit. */
export class RateLimitedError extends DomainError {
  constructor(
    publicText: string,
    readonly states: readonly RateLimitState[],
    details: { internal: string; retryAfterMs?: number },
  ) {
    super('rate_limited', publicText, details);
    this.name = 'RateLimitedError';
  }
}

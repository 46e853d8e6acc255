import type { RequestContext } from '#core';
import type { RateLimitState } from '#metering';
import type { Caller } from './access/caller.js';

/** A request's context, plus what only the protocols know of it. */
export interface CallContext extends RequestContext {
  readonly caller: Caller;
  /** Puts what is left of the caller's limits into the answer, where the protocol has a place for it. */
  tellLimits(states: readonly RateLimitState[]): void;
}

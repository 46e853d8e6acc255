import type { RequestContext } from '#core';
import type { RateLimitState } from '#metering';
import type { Caller } from './caller.js';
import type { StreamPriority } from './stream-priority.js';

/** A request's context, plus what only the protocols know of it. */
export interface CallContext extends RequestContext {
  readonly caller: Caller;
  /** The stream that the request came on, which says how it stands in the queue; undefined for a request of its own. */
  readonly stream?: StreamPriority;
  /** Tells the stream how many items of this request are to be answered; undefined for a request of its own. */
  readonly noteItems?: (items: number) => void;
  /** Puts what is left of the caller's limits into the answer, where the protocol has a place for it. */
  tellLimits(states: readonly RateLimitState[]): void;
}

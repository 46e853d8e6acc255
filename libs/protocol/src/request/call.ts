import type { DomainError, Priority, RequestContext, Scope } from '#core';
import type { RateLimitState } from '#metering';
import type { Arrival } from './arrival.js';
import type { Caller } from './caller.js';
import type { StreamPriority } from './stream.js';

/**
 * What happens to a request that the full queue has no room for: a unary request is refused; a stream, and the Python
 * client over HTTP, waits.
 */
export type WhenFull = 'refuse' | 'wait';

/** What the protocol knows of a request before anything of it is read. */
export interface CallContext extends RequestContext {
  readonly caller: Caller;
  /** What the trace tells in the end; left out where nothing is traced. */
  readonly arrival?: Arrival;
  /**
   * When the caller gives the request up, in milliseconds since 1970; undefined where no deadline was named. `signal`
   * aborts then.
   */
  readonly deadlineAtMs?: number;
  /** The stream that the request came on, which says how it stands in the queue; undefined for a request of its own. */
  readonly stream?: StreamPriority;
  /** Notifies the stream of the number of items of this request; undefined for a request of its own. */
  readonly noteItems?: (items: number) => void;
  /** What the caller must be allowed to do, as its route declares; undefined where only what is read tells. */
  readonly scope: Scope | undefined;
  /** Writes what is left of the caller's limits into the answer, where the protocol has a place for it. */
  reportLimits(states: readonly RateLimitState[]): void;
}

/**
 * One request on its way through the pipeline: what its protocol knew of it, and what the steps and its handler have
 * found out since. Work gets it as its context.
 */
export interface Call extends CallContext {
  priority?: Priority;
  /** A bounded word for the figures: `encode`, `rank`, `embeddings`, … */
  operation: string;
  scope: Scope | undefined;
  /** The model that was named; the default one when undefined. */
  model: string | undefined;
  /** The name that the model is served under; undefined until that is known, and where none is. */
  servedModel: string | undefined;
  /** How many texts and images it carries; 0 until that is known. */
  items: number;
  whenFull: WhenFull;
  /**
   * Whether only a caller with the right to it is answered. A request that carries nothing to compute needs none and
   * costs nothing.
   */
  needsRights: boolean;
  /** The id that the message itself carries, where it has one. */
  callersId: string | undefined;
  /** The error of an item that failed although the request is answered. */
  failure: DomainError | undefined;
}

/**
 * One step of the pipeline. It does its part and calls `next` with the same call for the steps after it: not at all to
 * refuse, several times to retry. It may inspect what comes back.
 *
 * @example
 * const refuseAtNight: Step = (call, next) => (isNight() ? Promise.reject(closed()) : next(call));
 */
export type Step = <Answer>(call: Call, next: Next<Answer>) => Promise<Answer>;

/** The steps that follow, and the work. */
export type Next<Answer> = (call: Call) => Promise<Answer>;

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
   * Gives the places in flight back. Call it when the work ends, however it ends, unless you call `undo`. After one of
   * the two, further calls do nothing.
   */
  finish(): void;
  /** Gives everything back, as if the request had not been: it was refused. */
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

const LIMIT_TEXTS: Record<UsageLimitName, { may: string; usedUp: string; split: string }> = {
  requestsPerMinute: { may: 'requests a minute', usedUp: 'These are used up.', split: 'Send fewer requests.' },
  itemsPerDay: {
    may: 'items a day (UTC)',
    usedUp: 'Too few of these are left.',
    split: 'Send fewer items in a request.',
  },
  itemsInFlight: {
    may: 'items at a time',
    usedUp: 'Too many are being worked on.',
    split: 'Send fewer items in a request.',
  },
};

/** The limit that a request does not meet. */
export interface Obstacle {
  readonly ofService: boolean;
  readonly state: RateLimitState;
  /** What the request needs of it. */
  readonly amount: number;
}

/** The refusal of a request that may be tried again in `retryAfterMs`. */
export function usedUp(obstacle: Obstacle, states: readonly RateLimitState[], retryAfterMs: number): RateLimitedError {
  const again = `Try again in ${Math.ceil(retryAfterMs / 1000)} s, or ask the operator for a higher limit.`;
  const text = `${whatIsAllowed(obstacle)} ${LIMIT_TEXTS[obstacle.state.name].usedUp} ${again}`;
  return new RateLimitedError(text, states, { internal: internalOf(obstacle), retryAfterMs });
}

/** The refusal of a request that is larger than a whole limit. */
export function neverFits(obstacle: Obstacle, states: readonly RateLimitState[]): RateLimitedError {
  const { split } = LIMIT_TEXTS[obstacle.state.name];
  const text = `${whatIsAllowed(obstacle)} This request alone has ${obstacle.amount}, so it never fits. ${split}`;
  return new RateLimitedError(text, states, { internal: internalOf(obstacle) });
}

function whatIsAllowed({ ofService, state }: Obstacle): string {
  return `The limit of ${ofService ? 'the service' : 'the token'} is ${state.limit} ${LIMIT_TEXTS[state.name].may}.`;
}

function internalOf({ ofService, state, amount }: Obstacle): string {
  return `${ofService ? 'total' : 'token'} ${state.name} ${state.remaining}/${state.limit}, needs ${amount}`;
}

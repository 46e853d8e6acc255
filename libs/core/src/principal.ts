/** Who a request speaks for. The queue is fair between principals; access tokens will name them. */
export interface Principal {
  readonly id: string;
}

/** The caller of a service that asks for no token. */
export const anonymous: Principal = { id: 'anonymous' };

/**
 * What a use case may know of a call: never a socket. When `signal` aborts (caller gone, deadline passed), work that
 * has not reached a replica is dropped and the promise rejects with `cancelled` or `deadline_exceeded`.
 */
export interface RequestContext {
  readonly requestId: string;
  readonly principal: Principal;
  readonly signal: AbortSignal;
}

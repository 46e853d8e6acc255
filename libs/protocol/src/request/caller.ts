import { type Authenticated, type Principal, UNAUTHENTICATED_ID } from '#core';
import { networkOf } from './client-address.js';

/** Who calls, as found before anything of the request is read. */
export interface Caller extends Authenticated {
  readonly protocol: ProtocolName;
  /** The address that connected, or the one that a trusted proxy names. */
  readonly address: string;
}

/**
 * A caller without a token where one is needed. It may do nothing that needs a scope; a request that carries nothing to
 * compute is answered all the same, since the Python client sends no credential with those.
 */
export const unauthenticated: Principal = {
  id: UNAUTHENTICATED_ID,
  name: 'a caller without a token',
  scopes: [],
  limits: {},
};

/** What authentication finds of a caller who may go on without a token; see `unauthenticated`. */
export const withoutCredential: Authenticated<'none'> = { principal: unauthenticated, credential: 'none' };

/** Whether a principal is `unauthenticated`. Compares by id: a copy counts as the original. */
export function isUnauthenticated({ id }: Pick<Principal, 'id'>): boolean {
  return id === UNAUTHENTICATED_ID;
}

/**
 * Most bytes of one request that are read of an unauthenticated caller: enough for any that carries nothing to compute.
 */
export const UNAUTHENTICATED_BYTES_MAX = 16 * 1024;

const callers = new WeakMap<object, Caller>();

/** Notes the caller of `request`: an HTTP message, an upgrade or the metadata of a gRPC call. */
export function rememberCaller(request: object, caller: Caller): void {
  callers.set(request, caller);
}

/**
 * Returns the caller that `rememberCaller` noted. A request without one counts as unauthenticated, so a missing note
 * refuses and never admits.
 */
export function callerOf(request: object, protocol: ProtocolName): Caller {
  return callers.get(request) ?? { ...withoutCredential, protocol, address: 'unknown' };
}

/**
 * Returns the key under which a caller's memory is counted: the token, or without one the address (of IPv6 the network
 * of 64 bits).
 */
export function callerKey({ principal, credential, address }: Caller): string {
  return credential === 'none' ? networkOf(address) : principal.id;
}

/** The protocol of a request, as metrics and the last use of a token name it. */
export type ProtocolName = 'grpc' | 'http' | 'websocket';

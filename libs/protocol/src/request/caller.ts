import { anonymous, type Principal } from '#core';
import { networkOf } from './client-address.js';
import type { ProtocolName } from './protocol-name.js';

/** Who calls, as found before anything of the request is read. */
export interface Caller {
  readonly principal: Principal;
  readonly protocol: ProtocolName;
  /** The address that connected, or the one that a trusted proxy names. */
  readonly address: string;
}

/**
 * A caller without a token where one is needed. It may do nothing that needs a scope; a request that carries nothing to
 * compute is answered all the same, since the Python client sends no credential with those.
 */
export const unauthenticated: Principal = {
  id: 'unauthenticated',
  name: 'a caller without a token',
  scopes: [],
  limits: {},
};

/** Most bytes of one request that are read of an unauthenticated caller: enough for any that carries nothing to compute. */
export const UNAUTHENTICATED_BYTES_MAX = 16 * 1024;

const callers = new WeakMap<object, Caller>();

/** Notes who sent `request`: an HTTP message, an upgrade or the metadata of a gRPC call. */
export function rememberCaller(request: object, caller: Caller): void {
  callers.set(request, caller);
}

/** Who sent `request`. One of which nobody was noted is unauthenticated: what is forgotten is refused, not let in. */
export function callerOf(request: object, protocol: ProtocolName): Caller {
  return callers.get(request) ?? { principal: unauthenticated, protocol, address: 'unknown' };
}

/** Whose share of the memory a message is counted in: the token's, or without one the address's (of IPv6 the network of 64 bits). */
export function callerKey({ principal, address }: Caller): string {
  if (principal !== anonymous && principal !== unauthenticated) return principal.id;
  return networkOf(address);
}

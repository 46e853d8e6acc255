import type { Principal } from '#core';
import type { ProtocolName } from './protocol-name.js';

/** Who calls, as the door that let them in has found. */
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
export const stranger: Principal = { id: 'stranger', name: 'a caller without a token', scopes: [], limits: {} };

/** Most bytes of one request that are read of a stranger: enough for any request that carries nothing to compute. */
export const STRANGER_BYTES_MAX = 16 * 1024;

const callers = new WeakMap<object, Caller>();

/** Notes who sent `request`: an HTTP message, an upgrade or the metadata of a gRPC call. */
export function rememberCaller(request: object, caller: Caller): void {
  callers.set(request, caller);
}

/** Who sent `request`. A request that no door has seen is a stranger's: what is forgotten is refused, not let in. */
export function callerOf(request: object, protocol: ProtocolName): Caller {
  return callers.get(request) ?? { principal: stranger, protocol, address: 'unknown' };
}

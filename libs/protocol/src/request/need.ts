import type { Scope } from '#core';

/**
 * What a route, a method or a WebSocket asks of its caller. `nothing`: anybody may call it. `documents`: what its message asks for says what
 * is needed, and a small one may ask for nothing that has to be computed. Else the scope that a token must have.
 */
export type Need = 'nothing' | 'documents' | Scope;

/** Where the API's document finds what a route needs. */
export const NEED_EXTENSION = 'x-needs';

/** The scope that is needed whatever the request turns out to ask for; undefined where there is none. */
export function scopeNeeded(need: Need | undefined): Scope | undefined {
  return need === 'nothing' || need === 'documents' ? undefined : need;
}

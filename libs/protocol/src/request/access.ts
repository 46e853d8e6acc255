import type { Authenticated, Credential, DomainError, ErrorCode, Principal, Scope } from '#core';
import type { Grant } from '#metering';

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

/** What authentication needs of the access guard. */
export interface GuardPort {
  /** Whether anything needs a token. */
  readonly required: boolean;
  /**
   * Who the credentials speak for; undefined when there are none although one is needed. Rejects with `unauthenticated`
   * for a token that is not valid, and with `unavailable` when it cannot be told.
   */
  authenticate(credentials: Credentials): Promise<Authenticated | undefined>;
  /** Why a caller without credentials is refused. */
  missing(): DomainError;
  /** A caller was turned away before anything was read, for the figures. */
  onRefused(protocol: string, reason: ErrorCode): void;
}

/** Where a caller may have put a token. */
export interface Credentials {
  /** Header or metadata `authorization`. */
  readonly authorization?: string | undefined;
  /** The sub-protocols that a WebSocket offers; `bearer.<token>` is one. */
  readonly webSocketProtocols?: readonly string[];
}

/** What the authorizer needs of tokens, limits and usage. */
export interface AccessPorts {
  /**
   * The principal of a credential, with the rights that its token has now. Throws `unauthenticated` when the token has been
   * revoked, has expired or got another secret since it was checked.
   */
  recheck(credential: Credential): Principal;
  /** Throws `rate_limited`. */
  admit(request: { principal: Principal; items: number }): Grant | Promise<Grant>;
  /** The token was used just now. */
  noteUse(principalId: string, use: { from: string; protocol: string; model: string }): void;
  /** What was asked for, for the usage figures. */
  recordUsage(use: { principalId: string; model: string; requests: number; items: number; refused: number }): void;
}

import type { Authenticated, Credential, DomainError, ErrorCode, Principal, Scope } from '#core';
import type { Grant } from '#metering';

/**
 * What a route, a method or a WebSocket requires of its caller. `nothing`: anybody may call it. `documents`: the
 * message decides, and a small one may ask for nothing that has to be computed. Else the scope that a token must have.
 */
export type Need = 'nothing' | 'documents' | Scope;

/** The OpenAPI extension under which a route's need is stored. */
export const NEED_EXTENSION = 'x-needs';

/** Returns the scope that the route needs whatever the request asks for; undefined where the message decides. */
export function scopeNeeded(need: Need | undefined): Scope | undefined {
  return need === 'nothing' || need === 'documents' ? undefined : need;
}

/** What authentication needs of the access guard. */
export interface GuardPort {
  /** Whether anything needs a token. */
  readonly required: boolean;
  /**
   * Returns the principal of the credentials; undefined when there are none although a token is needed. Rejects with
   * `unauthenticated` for a token that is not valid, and with `unavailable` while tokens cannot be checked.
   */
  authenticate(credentials: Credentials): Promise<Authenticated | undefined>;
  /** Why a caller without credentials is refused. */
  missing(): DomainError;
  /** Counts a caller that was refused before anything was read. */
  onRefused(protocol: string, reason: ErrorCode): void;
  /** Counts a request whose token does not have the scope, refused before anything was read. */
  onDenied(principalId: string, protocol: string): void;
}

/** Where a caller may have put a token. */
export interface Credentials {
  /** Header or metadata `authorization`. */
  readonly authorization?: string | undefined;
  /** The sub-protocols that a WebSocket offers; `bearer.<token>` is one. */
  readonly webSocketProtocols?: readonly string[];
}

/** What one request adds to the usage figures of a principal and a model. */
export interface RecordedUse {
  readonly principalId: string;
  readonly model: string;
  readonly protocol: string;
  /** `ok`, `item_failed` or an error code, as the metrics have it. */
  readonly outcome: string;
  /** Let in. */
  readonly requests: number;
  readonly items: number;
  /** Turned away by a limit. */
  readonly refused: number;
  /** Turned away by the scopes or models of the token. */
  readonly denied?: number;
}

/** What the authorizer needs of tokens, limits and usage. */
export interface AccessPorts {
  /**
   * The principal of a credential, with the rights that its token has now. Throws `unauthenticated` when the token has
   * been revoked, has expired or got another secret since it was checked.
   */
  recheck(credential: Credential): Principal;
  /** Throws `rate_limited`. */
  admit(request: { principal: Principal; items: number }): Grant | Promise<Grant>;
  /** The token was used just now. */
  noteUse(principalId: string, use: { from: string; protocol: string; model: string; credential: Credential }): void;
  /** What was asked for, for the usage figures. */
  recordUsage(use: RecordedUse): void;
}

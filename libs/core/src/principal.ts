import { DomainError } from './domain-error.js';
import type { RequestTrace } from './trace.js';

/** The id of the principal that stands for callers without a token where one is needed. */
export const UNAUTHENTICATED_ID = 'unauthenticated';

/** Stands in usage figures for the model of a request that was turned away before one was known. */
export const NO_MODEL = '(none)';

/** What a token may be allowed to do. `admin:*` is the whole admin API and nothing of inference. */
export const SCOPES = ['encode', 'rank', 'index', 'search', 'models:read', 'admin:*'] as const;

export type Scope = (typeof SCOPES)[number];

/** Every scope but administration: the scopes of a token that is made without any. */
export const INFERENCE_SCOPES: readonly Scope[] = SCOPES.filter((scope) => scope !== 'admin:*');

/** Who a request speaks for: an access token, or nobody in particular. The queue is fair among principals. */
export interface Principal {
  /** The token's id; `anonymous` without one. */
  readonly id: string;
  /** The token's name, for people. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The models it may use, by the names that callers use; undefined = every model. */
  readonly models?: readonly string[];
  readonly limits: UsageLimits;
  /** Whether what it sends may be stored, so that it can be run again on other models. */
  readonly storesInputs?: true;
}

/** The caller of a service that asks for no token. */
export const anonymous: Principal = { id: 'anonymous', name: 'anonymous', scopes: INFERENCE_SCOPES, limits: {} };

/** The secret by which a token was let in, as its digest; never the secret itself. */
export interface TokenCredential {
  readonly tokenId: string;
  /** Lower-case hexadecimal. */
  readonly secretSha256: string;
}

/**
 * What a caller has shown, for checks while its call lasts; `none` for one without a token. It is a plain value: a copy
 * is as good as the original.
 */
export type Credential = TokenCredential | 'none';

/** Whom a request speaks for, and by what. */
export interface Authenticated<Shown extends Credential = Credential> {
  readonly principal: Principal;
  readonly credential: Shown;
}

/** Whether a principal is nobody in particular. Compares by id: a copy counts as the original. */
export function isAnonymous({ id }: Pick<Principal, 'id'>): boolean {
  return id === anonymous.id;
}

/** A caller without a token where none is needed. */
export const authenticatedAnonymous: Authenticated<'none'> = { principal: anonymous, credential: 'none' };

/** Throws `permission_denied` unless `principal` has `scope`. */
export function requireScope(principal: Principal, scope: Scope): void {
  if (!principal.scopes.includes(scope)) throw scopeMissing(principal, scope);
}

/** The refusal of a caller without `scope`. */
export function scopeMissing(principal: Principal, scope: Scope): DomainError {
  return new DomainError(
    'permission_denied',
    `This needs the scope ${scope}, which the token does not have. Ask for a token with it.`,
    { internal: `principal ${principal.id}` },
  );
}

/** Throws `permission_denied` unless `principal` may use the model of this name. */
export function requireModel(principal: Principal, model: string): void {
  if (principal.models === undefined || principal.models.includes(model)) return;
  throw new DomainError(
    'permission_denied',
    `The token may not use the model ${model}. It may use: ${principal.models.join(', ') || 'none'}.`,
    { internal: `principal ${principal.id}` },
  );
}

/** Whether a string that came over a boundary is one of our scopes. */
export function isScope(value: unknown): value is Scope {
  return typeof value === 'string' && SCOPES.some((scope) => scope === value);
}

/**
 * What a use case may know of a call: never a socket. When `signal` aborts (the caller is gone, the deadline has
 * passed), work that has not reached a replica is dropped and the promise rejects with `cancelled` or
 * `deadline_exceeded`.
 */
export interface RequestContext {
  readonly requestId: string;
  readonly principal: Principal;
  readonly signal: AbortSignal;
  /** Unset = `interactive`, unless the call is large. */
  readonly priority?: Priority;
  /** What the request does is written down here; left out where nothing is traced. */
  readonly trace?: RequestTrace;
}

/**
 * The priority within the work of one principal. Somebody waits for an `interactive` call. A `bulk` call (a message of
 * a stream, a shard of a job) is part of a mass of which only the end counts; it is slower beside interactive calls,
 * and never stops.
 */
export type Priority = 'interactive' | 'bulk';

/**
 * Calls of more items than this are bulk work, whatever they ask for: nobody waits for a single item of theirs. So is
 * what a stream sends once it has carried more than this without being empty.
 */
export const INTERACTIVE_ITEMS_MAX = 32;

/** How much a principal may use. A limit that is left out does not exist. Whole numbers of at least 1. */
export interface UsageLimits {
  /** Requests that may begin in a minute of the clock. A message of a stream is a request. */
  readonly requestsPerMinute?: number;
  /** Texts and images that may be asked for in a day (UTC). */
  readonly itemsPerDay?: number;
  /** Texts and images that may be worked on at a time. */
  readonly itemsInFlight?: number;
}

export type UsageLimitName = keyof UsageLimits;

/** Every limit there is, in the order in which people read them. */
export const USAGE_LIMIT_NAMES = [
  'requestsPerMinute',
  'itemsPerDay',
  'itemsInFlight',
] as const satisfies readonly UsageLimitName[];

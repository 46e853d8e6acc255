import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { DomainError } from '#core';

/** A log-in that is refused. Only the log gets the reason: a forger must not learn it. */
export function refusedByProvider(internal: string, cause?: unknown): DomainError {
  return new DomainError(
    'permission_denied',
    'The single sign-on was refused, took too long, or was started in another browser. ' +
      'Start it again from the log-in page.',
    { internal, cause },
  );
}

/** The provider does not answer, or not as a provider should. */
export function unreachable(cause: unknown): DomainError {
  return new DomainError(
    'unavailable',
    'The single sign-on provider cannot be used at the moment. Try again shortly, or log in with a password.',
    { internal: `single sign-on: ${reasonOf(cause)}`, retryAfterMs: 5000, cause },
  );
}

/** The failure that a library's error means: `permission_denied` for the browser's fault, else `unavailable`. */
export function signOnFailure(thrown: unknown): DomainError {
  if (thrown instanceof DomainError) return thrown;
  if (thrown instanceof AuthorizationResponseError)
    return refusedByProvider(`the provider says ${thrown.error}`, thrown);
  if (thrown instanceof ResponseBodyError) {
    const isCodeRefused = thrown.error === 'invalid_grant';
    return isCodeRefused ? refusedByProvider('the provider refused the code', thrown) : unreachable(thrown);
  }
  const isOutage = thrown instanceof ClientError && OUTAGE_CODES.has(thrown.code ?? '');
  if (thrown instanceof ClientError && !isOutage) return refusedByProvider(reasonOf(thrown), thrown);
  return unreachable(thrown);
}

/** Codes of a provider that is away: time ran out, or the answer was a proxy's error page. */
const OUTAGE_CODES = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
]);

/** The library's messages name what was wrong, never a code or a token. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause instanceof Error ? `${thrown.message}: ${thrown.cause.message}` : thrown.message;
}

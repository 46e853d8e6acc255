import { randomId } from '#core';

/** Header and metadata key that a request id comes and goes by. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** What other servers and proxies give out: UUIDs, ULIDs, trace ids. Anything else could forge lines of a log. */
const SANE = /^[\w.:@=+/-]{1,128}$/;

/**
 * The id of a request: the one that the caller or a proxy has sent, where it is sane, else a new one of 32 hex digits.
 */
export function requestIdOf(sent: unknown): string {
  return isRequestId(sent) ? sent : randomId(16);
}

/** Whether an id is sane. */
export function isRequestId(value: unknown): value is string {
  return typeof value === 'string' && SANE.test(value);
}

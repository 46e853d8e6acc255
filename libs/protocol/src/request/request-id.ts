import { randomBytes } from 'node:crypto';

/** Header and metadata key that a request id comes and goes by. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** What other servers and proxies give out: UUIDs, ULIDs, trace ids. Anything else could forge lines of a log. */
const SANE = /^[\w.:@=+/-]{1,128}$/;

/**
 * The id of a request: the one that the caller or a proxy has sent, where it is sane, else a new one of 32 hex digits.
 */
export function requestIdOf(sent: unknown): string {
  return isRequestId(sent) ? sent : newId();
}

/** Ids that are made at a time: asking the system for each costs more than cutting it out. */
const IDS_AT_A_TIME = 128;
let ids = '';
let used = 0;

function newId(): string {
  if (used === ids.length) {
    ids = randomBytes(16 * IDS_AT_A_TIME).toString('hex');
    used = 0;
  }
  used += 32;
  return ids.slice(used - 32, used);
}

/** Whether an id is sane. */
export function isRequestId(value: unknown): value is string {
  return typeof value === 'string' && SANE.test(value);
}

import { ERROR_TABLE } from '#core';

/**
 * The outcomes of a request that are the service's fault, for `clip_requests_total`: what HTTP answers with 500 and
 * more, and a full queue, which more replicas would not have had. What a caller did wrong is none, nor what nobody has
 * built (`unimplemented`).
 */
const SERVICE_ERRORS: readonly string[] = Object.entries(ERROR_TABLE)
  .filter(([code, { http }]) => (http >= 500 && code !== 'unimplemented') || code === 'queue_full')
  .map(([code]) => code)
  .sort();

/** A matcher of exactly these outcomes. */
export const FAILED = `outcome=~"${SERVICE_ERRORS.join('|')}"`;

import { DomainError } from '#core';
import type { Replica } from '../replica/replica.js';

/** So many deaths without having been ready are no accident. */
const DEATHS_MAX = 3;
const RETRY_AFTER_MS = 5_000;

/** Why replicas that are starting will not get anywhere; undefined while there is hope. */
export function startFailure(model: string, replicas: readonly Replica[]): DomainError | undefined {
  if (!replicas.every(isHopeless)) return undefined;
  const loadError = replicas.find((replica) => replica.loadError)?.loadError;
  if (loadError) return cannotLoad(model, loadError);
  const reason = replicas[0]?.reason ?? 'no reason given';
  return new DomainError(
    'unavailable',
    `The model ${model} cannot be started: each of its replicas died ${DEATHS_MAX} times while loading ` +
      `(${reason}). The log has what they printed; too little memory is the usual cause.`,
  );
}

/** Why a running pool cannot serve anyone now, and has not to be waited for. Undefined while one may serve soon. */
export function outage(model: string, replicas: readonly Replica[]): DomainError | undefined {
  if (!replicas.every(isHopeless)) return undefined;
  return new DomainError(
    'unavailable',
    `The model ${model} is out of service: none of its replicas can load it any more. The operator has to look at the log.`,
    { retryAfterMs: RETRY_AFTER_MS, internal: replicas.map((replica) => replica.reason).join('; ') },
  );
}

/**
 * Whether nobody should wait for it: a load that fails says why (missing file, missing device) and will not do better soon, a
 * replica that only dies gets three tries. So it stays, however often it is started again, until it is ready.
 */
function isHopeless({ loadError, deathsInARow }: Replica): boolean {
  return loadError !== undefined || deathsInARow >= DEATHS_MAX;
}

function cannotLoad(model: string, error: DomainError): DomainError {
  const internal = error.internal === undefined ? {} : { internal: error.internal };
  return new DomainError('unavailable', `The model ${model} cannot be loaded: ${error.message}`, {
    cause: error,
    ...internal,
  });
}

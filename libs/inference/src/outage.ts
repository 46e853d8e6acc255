import { DomainError } from '#core';
import type { Replica } from './replica.js';

/** A start is given up when every replica died this often without having been ready. */
const START_DEATHS_MAX = 3;
const RETRY_AFTER_MS = 5_000;

/**
 * Why a pool that is starting will not get anywhere; undefined while there is hope. A load that fails says why (missing
 * file, missing device); a replica that only dies gets three tries.
 */
export function startFailure(model: string, replicas: readonly Replica[]): DomainError | undefined {
  const hopeless = (replica: Replica) => replica.state === 'failed' || replica.deathsInARow >= START_DEATHS_MAX;
  if (!replicas.every(hopeless)) return undefined;
  const loadError = replicas.find((replica) => replica.state === 'failed')?.loadError;
  if (loadError) return cannotLoad(model, loadError);
  const reason = replicas[0]?.reason ?? 'no reason given';
  return new DomainError(
    'unavailable',
    `The model ${model} cannot be started: each of its replicas died ${START_DEATHS_MAX} times while loading ` +
      `(${reason}). The log has what they printed; too little memory is the usual cause.`,
  );
}

/** Why a running pool cannot serve anyone now: no replica could load the model again. Undefined while one may serve. */
export function outage(model: string, replicas: readonly Replica[]): DomainError | undefined {
  if (!replicas.every((replica) => replica.state === 'failed')) return undefined;
  return new DomainError(
    'unavailable',
    `The model ${model} is out of service: none of its replicas could load it again. The operator has to look at the log.`,
    { retryAfterMs: RETRY_AFTER_MS, internal: replicas.map((replica) => replica.reason).join('; ') },
  );
}

function cannotLoad(model: string, error: DomainError): DomainError {
  const internal = error.internal === undefined ? {} : { internal: error.internal };
  return new DomainError('unavailable', `The model ${model} cannot be loaded: ${error.message}`, {
    cause: error,
    ...internal,
  });
}

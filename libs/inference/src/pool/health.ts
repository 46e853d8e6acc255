import { DomainError } from '#core';
import { HEALTH_RUN_EVERY_MS } from '../replica/liveness-monitor.js';
import type { ReplicaSnapshot } from '../replica/replica-listener.js';
import type { Replica } from '../replica/replica.js';
import type { PoolHealth } from './pool-events.js';

/** A run this recent shows that a replica works. */
const FORWARD_AGE_MS_MAX = 2 * HEALTH_RUN_EVERY_MS;
/** So many deaths without having been ready are no accident. */
const DEATHS_MAX = 3;
const RETRY_AFTER_MS = 5_000;

/** Whether a pool of these replicas serves. */
export function healthOf(replicas: readonly ReplicaSnapshot[]): PoolHealth {
  const ready = replicas.filter((replica) => replica.state === 'ready');
  const ages = ready.flatMap((replica) => replica.lastForwardAgeMs ?? []);
  const lastForwardAgeMs = ages.length > 0 ? Math.min(...ages) : undefined;
  return {
    ready: lastForwardAgeMs !== undefined && lastForwardAgeMs <= FORWARD_AGE_MS_MAX,
    replicasReady: ready.length,
    replicas: replicas.length,
    lastForwardAgeMs,
  };
}

/** Why a running pool cannot serve anyone now, and should not be waited for. Undefined while it may serve soon. */
export function outage(model: string, replicas: readonly Replica[]): DomainError | undefined {
  if (!replicas.every(isHopeless)) return undefined;
  return new DomainError(
    'unavailable',
    `The model ${model} is out of service: none of its replicas can load it any more. The operator has to look at the log.`,
    { retryAfterMs: RETRY_AFTER_MS, internal: replicas.map((replica) => replica.reason).join('; ') },
  );
}

/** A caller that waits until one of its replicas is ready. */
interface Waiter {
  readonly replicas: readonly Replica[];
  readonly done: PromiseWithResolvers<void>;
}

/** Those who wait for replicas to be ready. */
export class Readiness {
  private waiters: Waiter[] = [];

  constructor(private readonly model: string) {}

  /** Resolves when one of `replicas` is ready; rejects, with the reason, when none can be, or when all were ended. */
  oneReady(replicas: readonly Replica[]): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.waiters.push({ replicas, done });
    this.update();
    return done.promise;
  }

  /** Must be called after every change of a replica. */
  update(): void {
    this.waiters = this.waiters.filter((waiter) => !this.isSettled(waiter));
  }

  private isSettled({ replicas, done }: Waiter): boolean {
    if (replicas.some(({ state }) => state === 'ready')) {
      done.resolve();
      return true;
    }
    const failure = startFailure(this.model, replicas) ?? this.ended(replicas);
    if (failure) done.reject(failure);
    return failure !== undefined;
  }

  private ended(replicas: readonly Replica[]): DomainError | undefined {
    if (!replicas.every(({ state }) => state === 'stopped')) return undefined;
    return new DomainError(
      'shutting_down',
      `A process of the model ${this.model} ended before it was ready. Try again, or look at the log.`,
    );
  }
}

/** Why replicas that are starting will never be ready; undefined while one may be. */
function startFailure(model: string, replicas: readonly Replica[]): DomainError | undefined {
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

/**
 * Whether nobody should wait for it: a load that fails says why (missing file, missing device) and will not do better
 * soon, a replica that only dies gets three tries. It stays so, however often it is started again, until it is ready.
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

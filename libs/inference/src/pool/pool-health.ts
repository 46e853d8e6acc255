import type { PoolHealth, ReplicaSnapshot } from './pool-events.js';
import { HEALTH_RUN_EVERY_MS } from '../replica/vigil.js';

/** A run this young shows that a replica works. */
const FORWARD_AGE_MS_MAX = 2 * HEALTH_RUN_EVERY_MS;

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

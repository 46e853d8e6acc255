/**
 * The life of a replica: `starting` loads, `ready` serves, `restarting` died and waits for its next start, `failed` could
 * not load and will try again, `stopping` finishes what it holds, `stopped` is gone for good.
 */
export type ReplicaState = 'starting' | 'ready' | 'restarting' | 'failed' | 'stopping' | 'stopped';

/** One replica, as the console shows it. */
export interface ReplicaSnapshot {
  readonly name: string;
  readonly device: string;
  readonly state: ReplicaState;
  /** Why it is in this state, when that is not plain: how it died, why it did not load. */
  readonly reason: string | undefined;
  /** Since when it is in this state, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** Memory of its process; undefined where it cannot be read, or has not been yet. */
  readonly rssBytes: number | undefined;
  readonly pid: number | undefined;
  /** Starts after the first. */
  readonly restarts: number;
  readonly itemsInFlight: number;
  readonly lastForwardAgeMs: number | undefined;
}

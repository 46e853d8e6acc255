import type { Tower } from '#core';

/**
 * The life of a replica: `starting` loads, `ready` serves, `restarting` died and waits for its next start, `failed` could
 * not load and will try again, `stopping` finishes what it holds, `stopped` is gone for good.
 */
export type ReplicaState = 'starting' | 'ready' | 'restarting' | 'failed' | 'stopping' | 'stopped';

/** A batch that was answered; times in milliseconds. */
export interface BatchEvent {
  readonly model: string;
  readonly replica: string;
  readonly tower: Tower;
  readonly size: number;
  /** Items that failed by themselves. */
  readonly failed: number;
  /** The longest wait among its items. */
  readonly queueMs: number;
  readonly prepareMs: number;
  readonly runMs: number;
}

/** A batch whose replica died with it. */
export interface BatchLostEvent {
  readonly model: string;
  readonly replica: string;
  readonly tower: Tower;
  readonly size: number;
  /** What happens now: try it again, or fail its one item as poison, or nothing since nobody waits for it. */
  readonly verdict: 'again' | 'poisonous' | 'abandoned';
}

/** Tells what happens in a pool, so that telemetry can count it without inference knowing telemetry. */
export interface PoolObserver {
  onBatch?(event: BatchEvent): void;
  onBatchLost?(event: BatchLostEvent): void;
  onReplicaState?(event: { readonly model: string } & ReplicaSnapshot): void;
  /** A call was refused as a whole with `queue_full`. */
  onRefused?(event: { readonly model: string; readonly items: number }): void;
}

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

/** A pool at this moment. */
export interface PoolSnapshot {
  readonly model: string;
  readonly queue: { readonly items: number; readonly bytes: number; readonly oldestAgeMs: number };
  readonly replicas: readonly ReplicaSnapshot[];
}

/** Whether a pool serves. */
export interface PoolHealth {
  /** A ready replica passed a real forward run in the last 10 s. */
  readonly ready: boolean;
  readonly replicasReady: number;
  readonly replicas: number;
  /** Age of the newest forward run of a ready replica; undefined when there was none. */
  readonly lastForwardAgeMs: number | undefined;
}

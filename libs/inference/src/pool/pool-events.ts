import type { BatchReason, BatchTrace, Tower } from '#core';
import type { QueueDetail, ReplicaDetail } from './pool-detail.js';
import type { ReplicaSnapshot } from '../replica/replica-listener.js';
import type { RetryVerdict } from '../scheduling/retry-queue.js';

/** A batch that was answered; times in milliseconds. */
export interface BatchEvent {
  readonly model: string;
  readonly replica: string;
  /** Of the replica: `cpu`, `cuda:<n>`, `tensorrt:<n>`. */
  readonly device: string;
  readonly tower: Tower;
  /** Why it was sent when it was, and not later with more items. */
  readonly reason: BatchReason;
  readonly size: number;
  /** The most items that it could have had when it was sent; never less than `size`. */
  readonly itemsMax: number;
  /** Items that failed by themselves. */
  readonly failed: number;
  /** The longest wait among its items. */
  readonly queueMs: number;
  readonly prepareMs: number;
  readonly runMs: number;
  /** Undefined when no request in it is traced. */
  readonly trace: BatchTrace | undefined;
}

/** A batch whose replica died with it. */
export interface BatchLostEvent {
  readonly model: string;
  readonly replica: string;
  readonly tower: Tower;
  readonly size: number;
  /** What happens to it now. */
  readonly verdict: RetryVerdict;
}

/** Hears what happens in a pool, so that telemetry can count it and inference need not know telemetry. */
export interface PoolObserver {
  onBatch?(event: BatchEvent): void;
  onBatchLost?(event: BatchLostEvent): void;
  onReplicaState?(event: { readonly model: string } & ReplicaSnapshot): void;
  /** A call was refused as a whole with `queue_full`. */
  onRefused?(event: { readonly model: string; readonly items: number }): void;
}

/** A pool at this moment, with all that a look at every waiting call can tell. */
export interface PoolDetail extends PoolSnapshot {
  readonly queue: PoolSnapshot['queue'] & QueueDetail;
  readonly replicas: readonly ReplicaDetail[];
}

/** A pool at this moment. */
export interface PoolSnapshot {
  readonly model: string;
  readonly queue: {
    readonly items: number;
    readonly bytes: number;
    readonly oldestAgeMs: number;
    /** Calls of `submit` that have items in it. */
    readonly requests: number;
  };
  readonly replicas: readonly ReplicaSnapshot[];
  /**
   * How many items of each tower a second its ready replicas work off together when they are busy: by their last runs,
   * right after a start by the runs that measured them. Undefined before.
   */
  readonly itemsPerSecond: Readonly<Record<Tower, number | undefined>>;
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

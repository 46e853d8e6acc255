import type { Clock } from '#core';
import type { ImageLimits } from '#clip';
import type { PoolObserver } from './pool-events.js';
import type { ProcessProbe } from '../replica/process-probe.js';
import type { OpenLink } from '../replica/replica-link.js';

/** A line for the service's log. */
export interface PoolLogEntry {
  readonly level: 'info' | 'warn' | 'error';
  readonly text: string;
  readonly model: string;
  readonly replica?: string;
}

/** How one model is served. */
export interface PoolOptions {
  readonly name: string;
  /** The model's folder on this machine. */
  readonly folder: string;
  readonly replicas: number;
  /** `cpu`, `cuda:<n>`, `tensorrt:<n>`; replicas go round them. */
  readonly devices: readonly string[];
  /** Most items of one ONNX run. */
  readonly batchItemsMax: number;
  /** Most encoded bytes of one batch; an item larger than this goes alone. */
  readonly batchBytesMax: number;
  /** How much may wait; beyond it callers are refused with `queue_full`. */
  readonly queueItemsMax: number;
  readonly queueBytesMax: number;
  /** A replica that gives no answer for this long is killed and its work tried again. */
  readonly runMsMax: number;
  /** Longest a model may take to load and warm up; default ten minutes, since TensorRT builds engines then. */
  readonly loadMsMax?: number;
  /**
   * A replica whose process holds more is replaced, without a failed request; unset = no ceiling. Kept on Linux only.
   */
  readonly rssBytesMax?: number;
  readonly imageLimits: ImageLimits;
  /** Cores to share among the replicas; default all that this process may use. */
  readonly cores?: number;
  /** The file that the replica processes run; default the built one of this library. */
  readonly childEntry?: string;
  readonly clock: Clock;
  readonly log: (entry: PoolLogEntry) => void;
  /** Hears of every batch, replica change and refusal, to count them. */
  readonly observer?: PoolObserver;
  /** How replicas are reached; default child processes. */
  readonly openLink?: OpenLink;
  /** How their processes are polled; default /proc. */
  readonly probe?: ProcessProbe;
}

/** What most services want; `name`, `folder`, `imageLimits`, `clock` and `log` have no default. */
export const POOL_DEFAULTS = {
  replicas: 1,
  devices: ['cpu'],
  batchItemsMax: 32,
  batchBytesMax: 64 * 2 ** 20,
  queueItemsMax: 100_000,
  queueBytesMax: 2 ** 30,
  runMsMax: 30_000,
  loadMsMax: 600_000,
} as const satisfies Partial<PoolOptions>;

import type { BatchReason, Tower } from '#core';
import type { WorkClass, QueuedItem } from './submission.js';

/** Items of one tower that go through one ONNX run together. */
export interface Batch {
  readonly id: number;
  readonly tower: Tower;
  /** `costly`: a replica works on it beside its other batches. */
  readonly workClass: WorkClass;
  readonly items: readonly QueuedItem[];
  readonly dequeuedAtMs: number;
  /** How many replicas have died while they held these items. */
  readonly deaths: number;
  /**
   * When a replica died with its items, and how many others were ready then; left out where none has. Until the batch
   * is sent again, it waits.
   */
  readonly lost?: { readonly atMs: number; readonly replicasReady: number };
  /** Why it was made then, and not later with more items. */
  readonly reason: BatchReason;
  /** The most items that it could have had then. */
  readonly itemsMax: number;
}

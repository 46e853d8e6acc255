import type { DomainError, EncodeItem } from '#core';

/** The outcome of one item: its vector, or why it has none. */
export type EncodeOutcome =
  { readonly ok: true; readonly embedding: Float32Array } | { readonly ok: false; readonly error: DomainError };

/** What turns items into vectors: the model in this process, or a service. */
export interface VectorEncoder {
  readonly model: string;
  /** Length of every vector. */
  readonly dimension: number;
  /** How many calls of `encode` keep it busy. */
  readonly batchesAtOnce: number;
  /** Most items of one batch. */
  readonly batchItemsMax: number;
  /**
   * One outcome per item, in their order; texts and pictures are not mixed. Rejects only with what is no fault of the
   * items: `unavailable`, `unauthenticated`, `permission_denied`, `model_unknown`.
   */
  encode(items: readonly EncodeItem[]): Promise<readonly EncodeOutcome[]>;
  close(): Promise<void>;
}

import type { EncodeItem, ItemResult, ModelInfo, RequestContext } from '#core';

/** What the use cases see of a model: where they submit items. */
export interface EncodePool {
  readonly info: ModelInfo;
  /**
   * Encodes `items`, each on its own: the answer has one result per item, in their order. Rejects as a whole only with
   * `queue_full`, `cancelled`, `deadline_exceeded`, `shutting_down` or `unavailable`. When `context.signal` aborts,
   * items that have not reached a replica never do.
   */
  submit(items: readonly EncodeItem[], context: RequestContext): Promise<ItemResult[]>;
  /**
   * Keeps the pool serving until the function that it returns is called, even when its model is taken out of service
   * meanwhile. Must be called in the turn of the event loop in which the registry returned the pool, by a caller that
   * submits to it in a later turn.
   */
  hold(): () => void;
}

/** The models that are served. */
export interface ModelRegistry {
  /**
   * The pool of `name`, or of the default model when no name is given. Throws `model_unknown`, and `unavailable` while
   * the first model loads.
   */
  pool(name?: string): EncodePool;
  list(): ModelInfo[];
}

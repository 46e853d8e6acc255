import type { EncodeItem, ItemResult, ModelInfo, RequestContext } from '#core';

/** A model that is served, as callers may know it. */
export interface ServedModel {
  /** What the model's files say. Throws `unavailable` before the first replica is ready. */
  readonly info: ModelInfo;
}

/** Where the use cases submit items to a model; they get it for the time of a lease (`ModelRegistry.lease`). */
export interface EncodePool extends ServedModel {
  /**
   * Encodes `items`, each on its own: the answer has one result per item, in their order. Rejects as a whole only with
   * `queue_full`, `cancelled`, `deadline_exceeded`, `shutting_down` or `unavailable`. When `context.signal` aborts,
   * items that have not reached a replica never do.
   */
  submit(items: readonly EncodeItem[], context: RequestContext): Promise<ItemResult[]>;
}

/** The models that are served. */
export interface ModelRegistry {
  /**
   * The model of `name`, or the default one when no name is given. Throws `model_unknown`, and `unavailable` while the
   * first model loads.
   */
  pool(name?: string): ServedModel;
  /**
   * Lends the pool of `name` (the default model when undefined) to `use`, and resolves or rejects as `use` does. The
   * pool serves until then, even when its model is taken out of service meanwhile. Rejects as `pool` throws.
   *
   * @example
   * const items = [{ kind: 'text', text: 'a cat' }];
   * const [result] = await registry.lease('mini-clip', (pool) => pool.submit(items, context));
   */
  lease<T>(name: string | undefined, use: (pool: EncodePool) => Promise<T>): Promise<T>;
  list(): ModelInfo[];
}

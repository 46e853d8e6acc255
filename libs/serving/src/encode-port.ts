import type { EncodeItem, ItemResult, ModelInfo, RequestContext } from '#core';

/** One thing to encode, as a caller names it: complete in itself, or an address that still has to be fetched. */
export type ItemSource = EncodeItem | { readonly kind: 'uri'; readonly uri: string };

/** What the document use case needs of the encoder, so that it can be tested without a model. */
export interface EncodePort {
  /**
   * Encodes each source on its own with `model` (the default one when undefined): one result per source, in their
   * order; an address that cannot be fetched is that item's own error. Rejects as a whole with `model_unknown`,
   * `queue_full`, `cancelled`, `deadline_exceeded`, `shutting_down` or `unavailable`. When `ctx.signal` aborts, what
   * has not reached a replica never does.
   */
  encode(
    model: string | undefined,
    sources: readonly ItemSource[],
    ctx: RequestContext,
  ): Promise<{ model: ModelInfo; results: ItemResult[] }>;
}

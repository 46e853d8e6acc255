import { DomainError, type EncodeItem, type ItemResult, type RequestContext } from '#core';
import type { EncodePool } from '#inference';

interface Entry {
  readonly item: EncodeItem;
  readonly resolve: (result: ItemResult) => void;
  readonly reject: (thrown: unknown) => void;
}

/**
 * Gathers the items of one request that become ready in the same turn of the event loop into one submission: a list
 * that is all there is one call to the pool, and a straggler is a call of its own.
 */
export class SubmitGroups {
  private gathering: Entry[] = [];

  constructor(
    private readonly pool: EncodePool,
    private readonly ctx: RequestContext,
  ) {}

  /** The item's result; rejects with what the pool refused its group for. */
  submit(item: EncodeItem): Promise<ItemResult> {
    return new Promise((resolve, reject) => {
      if (this.gathering.push({ item, resolve, reject }) === 1) setImmediate(() => void this.flush());
    });
  }

  private async flush(): Promise<void> {
    const group = this.gathering;
    this.gathering = [];
    try {
      const results = await this.pool.submit(
        group.map((entry) => entry.item),
        this.ctx,
      );
      for (const [index, entry] of group.entries()) entry.resolve(results[index] ?? lost());
    } catch (thrown) {
      for (const entry of group) entry.reject(thrown);
    }
  }
}

/** In the place of a result that the pool did not give: a fault of ours. */
export function lost(): ItemResult {
  const error = new DomainError('internal', 'The server lost the result of this item.', {
    internal: 'the pool answered with fewer results than items',
  });
  return { ok: false, error };
}

import { abortError, DomainError, type EncodeItem, type ItemResult, type ModelInfo, type RequestContext } from '#core';
import { priorityOf, type EncodePool, type ModelRegistry } from '#inference';
import { Arrivals } from './arrivals.js';
import type { EmbeddingCache } from './cache/embedding-cache.js';
import type { EncodePort, ItemSource } from './encode-port.js';
import type { ImageFetcher } from './fetch/image-fetcher.js';
import { runWindowed } from './run-windowed.js';

/**
 * Most items by uri of one request between the start of their fetch and their vector: a long list by uri then flows
 * through the queue's byte limit instead of being refused by it.
 */
const FETCH_AHEAD_MAX = 64;

/**
 * Most of them from one host, so that the images of a slow one leave places to the others. Enough for one host alone:
 * some on their way, and a batch that is being encoded.
 */
const FETCH_AHEAD_PER_HOST_MAX = 24;

/** What EncodeService works with. */
export interface EncodeServiceParts {
  readonly registry: Pick<ModelRegistry, 'lease'>;
  readonly fetcher: Pick<ImageFetcher, 'resolve'>;
  /** Without one, every item is run. */
  readonly cache?: EmbeddingCache;
}

/**
 * The use case "encode": chooses the model, fetches what comes by uri, hands the items to the model's pool and returns
 * the results in the order of the sources. What is there already goes ahead; an image that takes long to arrive is
 * waited for alone. An item fails alone: with what its fetch failed with, with `item_empty`, or as the pool says.
 *
 * @example
 * const service = new EncodeService({ registry, fetcher });
 * const { model, results } = await service.encode('mini-clip', [{ kind: 'text', text: 'a cat' }], context);
 */
export class EncodeService implements EncodePort {
  constructor(private readonly parts: EncodeServiceParts) {}

  /**
   * Rejects as a whole with `model_unknown`, with what the pool refuses a whole submission for (`queue_full` …), or,
   * once `ctx.signal` aborts, with `cancelled` or `deadline_exceeded`; fetches under way are cut then.
   */
  encode(
    model: string | undefined,
    sources: readonly ItemSource[],
    ctx: RequestContext,
  ): Promise<{ model: ModelInfo; results: ItemResult[] }> {
    if (ctx.principal.storesInputs) ctx.trace?.addInputs(sources);
    return this.parts.registry.lease(model, async (pool) => {
      if (ctx.signal.aborted) throw abortError(ctx.signal);
      // By the whole request: the pool sees only the part of it that is ready at a time.
      const priority = priorityOf(sources.length, ctx);
      return { model: pool.info, results: await this.encodeSources(pool, sources, { ...ctx, priority }) };
    });
  }

  private async encodeSources(
    pool: EncodePool,
    sources: readonly ItemSource[],
    ctx: RequestContext,
  ): Promise<ItemResult[]> {
    const results = new Array<ItemResult>(sources.length);
    const ready: Numbered[] = [];
    const remote: Remote[] = [];
    sources.forEach((source, index) => {
      if (source.kind === 'uri') remote.push({ index, uri: source.uri });
      else ready.push({ index, item: source });
    });
    if (remote.length === 0) await this.encodeItems(pool, ready, results, ctx);
    else await this.encodeAsTheyCome(pool, { ready, remote }, results, ctx);
    return results;
  }

  /** Encodes what is there, in one submission of all that the cache lacks, and puts each result in its place. */
  private async encodeItems(
    pool: EncodePool,
    numbered: readonly Numbered[],
    results: ItemResult[],
    ctx: RequestContext,
  ): Promise<void> {
    const full = numbered.filter(({ item }) => !isEmpty(item));
    if (full.length < numbered.length) {
      for (const { index, item } of numbered) if (isEmpty(item)) results[index] = EMPTY[item.kind];
    }
    if (full.length === 0) return;
    const items = full.map(({ item }) => item);
    const { cache } = this.parts;
    const { signal, trace } = ctx;
    const submit = (missing: readonly EncodeItem[]) => pool.submit(missing, ctx);
    const found = await (cache
      ? cache.encode({ ...{ pool, items, signal, turn: turnOf(ctx), run: submit }, ...(trace && { trace }) })
      : submit(items));
    full.forEach(({ index }, at) => (results[index] = found[at] ?? lost()));
  }

  /** Fetches what is remote, and encodes it together with whatever else is there when it has come. */
  private async encodeAsTheyCome(
    pool: EncodePool,
    { ready, remote }: { ready: readonly Numbered[]; remote: readonly Remote[] },
    results: ItemResult[],
    { signal, ...rest }: RequestContext,
  ): Promise<void> {
    const ending = new AbortController();
    const end = () => ending.abort(abortError(signal));
    signal.addEventListener('abort', end, { once: true });
    const ctx = { ...rest, signal: ending.signal };
    const arrivals = new Arrivals<Numbered>((group) => this.encodeItems(pool, group, results, ctx));
    const window = { totalMax: FETCH_AHEAD_MAX, perGroupMax: FETCH_AHEAD_PER_HOST_MAX, groupOf };
    const fetched = runWindowed(remote, window, async ({ index, uri }) => {
      const image = await this.fetch(uri, ctx);
      if (image instanceof DomainError) results[index] = failed(image);
      else await arrivals.add([{ index, item: { kind: 'image', bytes: image } }]);
    });
    try {
      await Promise.all([arrivals.add(ready), fetched]);
    } catch (thrown) {
      ending.abort(thrown);
      throw signal.aborted ? abortError(signal) : thrown;
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  /** The image, or why there is none; throws only when the request itself is over. */
  private async fetch(uri: string, ctx: RequestContext): Promise<Uint8Array | DomainError> {
    if (ctx.signal.aborted) throw abortError(ctx.signal);
    try {
      const { signal, trace, principal } = ctx;
      return await this.parts.fetcher.resolve(uri, { signal, principalId: principal.id, ...(trace && { trace }) });
    } catch (thrown) {
      if (ctx.signal.aborted) throw abortError(ctx.signal);
      return DomainError.from(thrown);
    }
  }
}

/** An item with its place in the request. */
interface Numbered {
  readonly index: number;
  readonly item: EncodeItem;
}

/** An image that has to be fetched, with its place in the request. */
interface Remote {
  readonly index: number;
  readonly uri: string;
}

/**
 * What a kind of item without content results in. One error for all of them: a long list would trace the stack each
 * time.
 */
const EMPTY = { text: emptyResult('text'), image: emptyResult('image'), pixels: emptyResult('pixels') };

function emptyResult(kind: EncodeItem['kind']): ItemResult {
  return failed(new DomainError('item_empty', `The ${kind} is empty. Send some content or leave the item out.`));
}

function isEmpty(item: EncodeItem): boolean {
  if (item.kind === 'text') return item.text === '';
  return item.kind === 'image' && item.bytes.byteLength === 0;
}

/** Equal for requests whose items stand in the queue alike. */
function turnOf({ priority = 'interactive', principal }: RequestContext): string {
  return `${priority} ${principal.id}`;
}

/** The host that has to answer; where none has to, the item alone. */
function groupOf({ index, uri }: Remote): string {
  const host = /^\s*https?:/i.test(uri) ? URL.parse(uri)?.hostname : undefined;
  return host ?? String(index);
}

function failed(error: DomainError): ItemResult {
  return { ok: false, error };
}

/** Stands in for a result that the pool did not give: a fault of ours. */
function lost(): ItemResult {
  const error = new DomainError('internal', 'The server lost the result of this item.', {
    internal: 'the pool answered with fewer results than items',
  });
  return failed(error);
}

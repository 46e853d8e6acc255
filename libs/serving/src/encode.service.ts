import { abortError, DomainError, type EncodeItem, type ItemResult, type ModelInfo, type RequestContext } from '#core';
import { priorityOf, type EncodePool, type ModelRegistry } from '#inference';
import type { EmbeddingCache } from './cache/embedding-cache.js';
import type { EncodePort, ItemSource } from './encode-port.js';
import type { ImageFetcher } from './fetch/image-fetcher.js';
import { runWindowed } from './run-windowed.js';
import { lost, SubmitGroups } from './submit-groups.js';

/**
 * Most items by uri of one request between the start of their fetch and their vector: a long list by uri then flows
 * through the queue's byte limit instead of being refused by it.
 */
const fetchAheadMax = 64;

/**
 * Most of them from one host, so that the images of a slow one leave places to the others. Enough for one host alone: some
 * on their way, and a batch that is being encoded.
 */
const fetchAheadPerHostMax = 24;

export interface EncodeServiceParts {
  readonly registry: ModelRegistry;
  readonly fetcher: Pick<ImageFetcher, 'resolve'>;
  /** Without one, every item is run. */
  readonly cache?: EmbeddingCache;
}

/**
 * The use case "encode": chooses the model, fetches what comes by uri, hands the items to the model's pool and gives
 * the results in the order of the sources. What is there already goes ahead; an image that takes long to arrive is
 * waited for alone. An item fails alone: with what its fetch failed with, with `item_empty`, or as the pool says.
 */
export class EncodeService implements EncodePort {
  constructor(private readonly parts: EncodeServiceParts) {}

  /**
   * Rejects as a whole with `model_unknown`, with what the pool refuses a whole submission for (`queue_full` …), or,
   * once `ctx.signal` aborts, with `cancelled` or `deadline_exceeded`; fetches under way are cut then.
   */
  async encode(
    model: string | undefined,
    sources: readonly ItemSource[],
    ctx: RequestContext,
  ): Promise<{ model: ModelInfo; results: ItemResult[] }> {
    const pool = this.parts.registry.pool(model);
    if (ctx.signal.aborted) throw abortError(ctx.signal);
    const ending = new AbortController();
    const end = () => ending.abort(abortError(ctx.signal));
    ctx.signal.addEventListener('abort', end, { once: true });
    const letGo = pool.hold();
    // By the whole request: the pool sees only the part of it that is ready at a time.
    const priority = priorityOf(sources.length, ctx);
    const whole = { ...ctx, priority, signal: ending.signal };
    try {
      return { model: pool.info, results: await this.encodeAll(pool, sources, whole) };
    } catch (thrown) {
      ending.abort(thrown);
      throw ctx.signal.aborted ? abortError(ctx.signal) : thrown;
    } finally {
      letGo();
      ctx.signal.removeEventListener('abort', end);
    }
  }

  private async encodeAll(
    pool: EncodePool,
    sources: readonly ItemSource[],
    ctx: RequestContext,
  ): Promise<ItemResult[]> {
    const results = new Array<ItemResult>(sources.length);
    const ready: Numbered[] = [];
    const remote: { index: number; uri: string }[] = [];
    const empty = new Map<EncodeItem['kind'], ItemResult>(); // one error for all of a kind: each traces the stack
    sources.forEach((source, index) => {
      if (source.kind === 'uri') remote.push({ index, uri: source.uri });
      else if (isEmpty(source)) {
        const result = empty.get(source.kind) ?? failed(emptyError(source));
        empty.set(source.kind, result);
        results[index] = result;
      } else ready.push({ index, item: source });
    });
    if (remote.length === 0 && !this.parts.cache) await this.runTogether(pool, ready, results, ctx);
    else await this.runAsReady(pool, { ready, remote }, results, ctx);
    return results;
  }

  /** All at once, without a promise for each of them. */
  private async runTogether(
    pool: EncodePool,
    ready: readonly Numbered[],
    results: ItemResult[],
    ctx: RequestContext,
  ): Promise<void> {
    if (ready.length === 0) return;
    const found = await pool.submit(
      ready.map(({ item }) => item),
      ctx,
    );
    ready.forEach(({ index }, at) => (results[index] = found[at] ?? lost()));
  }

  /** Each for itself: what the cache has or the network brings comes when it comes. */
  private async runAsReady(
    pool: EncodePool,
    { ready, remote }: { ready: readonly Numbered[]; remote: { index: number; uri: string }[] },
    results: ItemResult[],
    ctx: RequestContext,
  ): Promise<void> {
    const { cache } = this.parts;
    const turn = turnOf(ctx);
    const groups = new SubmitGroups(pool, ctx);
    const encode = async ({ index, item }: Numbered) => {
      const run = () => groups.submit(item);
      if (isEmpty(item)) results[index] = failed(emptyError(item));
      else results[index] = await (cache ? cache.encode({ pool, item, signal: ctx.signal, turn, run }) : run());
    };
    const window = {
      totalMax: fetchAheadMax,
      perLaneMax: fetchAheadPerHostMax,
      laneOf: ({ index, uri }: { index: number; uri: string }) => hostOf(uri) ?? String(index),
    };
    const fetched = runWindowed(remote, window, async ({ index, uri }) => {
      const image = await this.fetch(uri, ctx);
      if (image instanceof DomainError) results[index] = failed(image);
      else await encode({ index, item: { kind: 'image', bytes: image } });
    });
    await Promise.all([...ready.map(encode), fetched]);
  }

  /** The image, or why there is none; throws only when the request itself is over. */
  private async fetch(uri: string, ctx: RequestContext): Promise<Uint8Array | DomainError> {
    if (ctx.signal.aborted) throw abortError(ctx.signal);
    try {
      return await this.parts.fetcher.resolve(uri, { signal: ctx.signal, principalId: ctx.principal.id });
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

/** Equal for requests whose items stand in the queue alike. */
function turnOf({ priority = 'interactive', principal }: RequestContext): string {
  return `${priority} ${principal.id}`;
}

/** The host that has to answer; undefined where none has to. */
function hostOf(uri: string): string | undefined {
  return /^\s*https?:/i.test(uri) ? URL.parse(uri)?.hostname : undefined;
}

function isEmpty(item: EncodeItem): boolean {
  if (item.kind === 'text') return item.text === '';
  return item.kind === 'image' && item.bytes.byteLength === 0;
}

function emptyError(item: EncodeItem): DomainError {
  return new DomainError('item_empty', `The ${item.kind} is empty. Send some content or leave the item out.`);
}

function failed(error: DomainError): ItemResult {
  return { ok: false, error };
}

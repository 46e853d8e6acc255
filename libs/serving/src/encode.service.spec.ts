import { describe, expect, it } from 'vitest';
import { DomainError, type ItemResult } from '#core';
import { EmbeddingCache } from './cache/embedding-cache.js';
import { EncodeService } from './encode.service.js';
import type { ItemSource } from './encode-port.js';
import { ImageFetcher, type FetchCaller } from './fetch/image-fetcher.js';
import { buildContext, SamplePool } from './testing/sample-pool.js';

const text = (content: string): ItemSource => ({ kind: 'text', text: content });
const uri = (address: string): ItemSource => ({ kind: 'uri', uri: address });
const dataUri = (content: string): ItemSource => uri(`data:,${content}`);
const code = (expected: string) => expect.objectContaining({ code: expected });

/** Degrees of a vector, or the code of what failed. */
function read(result: ItemResult): number | string {
  if (!result.ok) return result.error.code;
  const [x = 0, y = 0] = result.embedding;
  return Math.round((Math.atan2(y, x) / Math.PI) * 180);
}

function buildService(pool = new SamplePool()) {
  const fetcher = new ImageFetcher({ allowPrivate: false, bytesMax: 1000, timeoutMs: 1000, concurrencyMax: 4 });
  return { pool, service: new EncodeService({ registry: pool, fetcher }) };
}

/** A fetcher whose images come when told to. */
function slowFetcher() {
  const asked: string[] = [];
  const arrivals = new Map<string, PromiseWithResolvers<Uint8Array>>();
  const arrival = (address: string) => {
    const known = arrivals.get(address) ?? Promise.withResolvers<Uint8Array>();
    arrivals.set(address, known);
    return known;
  };
  return {
    asked,
    deliver: (address: string, content: string) => arrival(address).resolve(Buffer.from(content)),
    async resolve(address: string, { signal }: FetchCaller): Promise<Uint8Array> {
      asked.push(address);
      signal.addEventListener('abort', () => arrival(address).reject(new DomainError('cancelled', 'gone')));
      return arrival(address).promise;
    },
  };
}

describe('EncodeService', () => {
  it('gives one result per source, in order, and the model', async () => {
    const { service } = buildService();
    const sources = [text('10'), dataUri('20'), { kind: 'image', bytes: Buffer.from('30') } as const, dataUri('40')];
    const { model, results } = await service.encode(undefined, sources, buildContext());
    expect(results.map(read)).toEqual([10, 20, 30, 40]);
    expect(model.name).toBe('sample');
  });

  it('submits what is there at once in one call', async () => {
    const { service, pool } = buildService();
    await service.encode('sample', [text('1'), dataUri('2'), text('3'), dataUri('4')], buildContext());
    expect(pool.submissions.map((contents) => contents.toSorted())).toEqual([['1', '2', '3', '4']]);
  });

  it('lets each item fail alone', async () => {
    const { service } = buildService();
    const sources = [
      text('10'),
      text(''),
      dataUri(''),
      dataUri('no number'),
      uri('file:///etc/passwd'),
      uri('http://127.0.0.1/'),
      uri('data:;base64,<>'),
      dataUri('9'.repeat(2000)),
      text('20'),
    ];
    const { results } = await service.encode(undefined, sources, buildContext());
    expect(results.map(read)).toEqual([
      10,
      'item_empty',
      'item_empty',
      'image_unreadable',
      'fetch_refused',
      'fetch_refused',
      'image_unreadable',
      'image_too_large',
      20,
    ]);
  });

  it('submits nothing when no item is left', async () => {
    const { service, pool } = buildService();
    const { results } = await service.encode(undefined, [text('')], buildContext());
    expect(results.map(read)).toEqual(['item_empty']);
    expect(pool.submissions).toEqual([]);
    expect((await service.encode(undefined, [], buildContext())).results).toEqual([]);
  });

  it('waits for a slow image alone', async () => {
    const pool = new SamplePool();
    const fetcher = slowFetcher();
    const service = new EncodeService({ registry: pool, fetcher });
    const encoded = service.encode(undefined, [uri('slow'), text('2'), uri('quick')], buildContext());
    fetcher.deliver('quick', '3');
    await expect.poll(() => pool.submissions.flat().toSorted()).toEqual(['2', '3']);
    fetcher.deliver('slow', '1');
    expect((await encoded).results.map(read)).toEqual([1, 2, 3]);
  });

  it('fetches a long list a window at a time', async () => {
    const fetcher = slowFetcher();
    const service = new EncodeService({ registry: new SamplePool(), fetcher });
    const addresses = Array.from({ length: 200 }, (_, index) => `${index % 90}#${index}`);
    const encoded = service.encode(undefined, addresses.map(uri), buildContext());
    await new Promise((resolve) => setImmediate(resolve));
    expect(fetcher.asked).toHaveLength(64);
    for (const address of addresses) fetcher.deliver(address, address.split('#')[0] ?? '');
    expect((await encoded).results.map(read)).toEqual(addresses.map((address) => Number.parseInt(address, 10)));
  });

  it('fetches the images of a quick host past any number of a slow one', async () => {
    const pool = new SamplePool();
    const fetcher = slowFetcher();
    const service = new EncodeService({ registry: pool, fetcher });
    const slow = Array.from({ length: 100 }, (_, index) => `http://slow.test/${index}`);
    const quick = Array.from({ length: 31 }, (_, index) => `http://quick.test/${index}`);
    const encoded = service.encode(undefined, [...slow, ...quick].map(uri), buildContext());
    for (const [index, address] of quick.entries()) fetcher.deliver(address, String(index));
    await expect.poll(() => pool.submissions.flat()).toHaveLength(31);
    for (const address of slow) fetcher.deliver(address, '90');
    expect((await encoded).results.map(read)).toEqual([...slow.map(() => 90), ...quick.keys()]);
  });

  it('fetches for the principal that asks', async () => {
    const principals: string[] = [];
    const fetcher = {
      resolve: (_uri: string, caller: FetchCaller) => {
        principals.push(caller.principalId);
        return Promise.resolve(Buffer.from('1'));
      },
    };
    await new EncodeService({ registry: new SamplePool(), fetcher }).encode(undefined, [uri('a')], buildContext());
    expect(principals).toEqual(['someone']);
  });

  it('runs what a cache does not have, in one call, and gives every item its own result', async () => {
    const pool = new SamplePool();
    const fetcher = new ImageFetcher({ allowPrivate: false, bytesMax: 1000, timeoutMs: 1000, concurrencyMax: 4 });
    const service = new EncodeService({ registry: pool, fetcher, cache: new EmbeddingCache({ bytesMax: 100_000 }) });
    await service.encode(undefined, [text('1'), text('2')], buildContext());
    const sources = [text('3'), text('1'), text(''), dataUri('4'), text('3'), dataUri('no number'), text('2')];
    const { results } = await service.encode(undefined, sources, buildContext());
    expect(results.map(read)).toEqual([3, 1, 'item_empty', 4, 3, 'image_unreadable', 2]);
    expect(pool.submissions.map((contents) => contents.toSorted())).toEqual([
      ['1', '2'],
      ['3', '4', 'no number'],
    ]);
  });

  it('lets a long list stand in the queue as bulk work, however little of it is ready at a time', async () => {
    const pool = new SamplePool();
    const fetcher = slowFetcher();
    const service = new EncodeService({ registry: pool, fetcher });
    const addresses = Array.from({ length: 33 }, (_, at) => String(at));
    const encoded = service.encode(undefined, addresses.map(uri), buildContext());
    fetcher.deliver('0', '0');
    await expect.poll(() => pool.submissions).toEqual([['0']]);
    for (const address of addresses) fetcher.deliver(address, address);
    await encoded;
    await service.encode(undefined, addresses.slice(1).map(uri), buildContext());
    expect(pool.submissions.map((contents) => contents.length)).toEqual([1, 32, 32]);
    expect(pool.priorities).toEqual(['bulk', 'bulk', 'interactive']);
  });

  it('lets what the cache lacks of a long list stand in the queue as bulk work', async () => {
    const pool = new SamplePool();
    const fetcher = slowFetcher();
    const service = new EncodeService({ registry: pool, fetcher, cache: new EmbeddingCache({ bytesMax: 100_000 }) });
    const known = Array.from({ length: 32 }, (_, at) => text(String(at)));
    await service.encode(undefined, known, buildContext());
    await service.encode(undefined, [...known, text('90')], buildContext());
    expect(pool.submissions.at(-1)).toEqual(['90']);
    expect(pool.priorities).toEqual(['interactive', 'bulk']);
  });

  it('has no one wait for the item of a bulk request, of another priority or of somebody else', async () => {
    const pool = new SamplePool();
    const arrivals = slowFetcher();
    const service = new EncodeService({
      registry: pool,
      fetcher: arrivals,
      cache: new EmbeddingCache({ bytesMax: 1000 }),
    });
    const many = Array.from({ length: 33 }, (_, at) => text(String(at)));
    const [ctx, other] = [
      buildContext(),
      { ...buildContext(), principal: { ...buildContext().principal, id: 'other' } },
    ];
    const asked = [
      service.encode(undefined, many, ctx),
      service.encode(undefined, [text('7')], ctx),
      service.encode(undefined, [text('7')], ctx),
      service.encode(undefined, [text('7')], { ...ctx, priority: 'bulk' }),
      service.encode(undefined, [text('7')], other),
    ];
    await Promise.all(asked);
    expect(pool.submissions.map((contents) => contents.length)).toEqual([33, 1, 1]);
  });

  it('fails as a whole when the pool refuses, and gives up what is still fetched', async () => {
    const pool = new SamplePool();
    pool.refusal = new DomainError('queue_full', 'Busy.', { retryAfterMs: 5 });
    const fetcher = slowFetcher();
    const service = new EncodeService({ registry: pool, fetcher });
    const encoded = service.encode(undefined, [uri('slow'), text('2')], buildContext());
    await expect(encoded).rejects.toBe(pool.refusal);
    await expect(fetcher.resolve('slow', { signal: AbortSignal.abort(), principalId: 'someone' })).rejects.toThrow(
      code('cancelled'),
    );
  });

  it('has the pool lent to it until the last item is there, however the request ends', async () => {
    const { pool } = buildService();
    const fetcher = slowFetcher();
    const service = new EncodeService({ registry: pool, fetcher });
    const caller = new AbortController();
    const answered = service.encode(undefined, [uri('slow'), text('2')], buildContext());
    const cancelled = service.encode(undefined, [uri('never')], buildContext(caller.signal));
    expect(pool.leases).toBe(2);
    caller.abort();
    await expect(cancelled).rejects.toThrow(code('cancelled'));
    expect(pool.leases).toBe(1);
    fetcher.deliver('slow', '1');
    await answered;
    expect(pool.leases).toBe(0);
  });

  it('rejects for an unknown model', async () => {
    await expect(buildService().service.encode('other', [text('1')], buildContext())).rejects.toThrow(
      code('model_unknown'),
    );
  });

  it.each<[string, unknown, string]>([
    ['cancelled when the caller leaves', undefined, 'cancelled'],
    ['deadline_exceeded when time is up', new DOMException('late', 'TimeoutError'), 'deadline_exceeded'],
    ['with the reason it is given', new DomainError('shutting_down', 'Closing.'), 'shutting_down'],
  ])('rejects as a whole: %s', async (_name, reason, expected) => {
    const caller = new AbortController();
    const service = new EncodeService({ registry: new SamplePool(), fetcher: slowFetcher() });
    const encoded = service.encode(undefined, [uri('slow'), text('2')], buildContext(caller.signal));
    caller.abort(reason);
    await expect(encoded).rejects.toThrow(code(expected));
    await expect(service.encode(undefined, [text('2')], buildContext(caller.signal))).rejects.toThrow(code(expected));
  });
});

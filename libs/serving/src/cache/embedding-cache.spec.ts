import { describe, expect, it } from 'vitest';
import { DomainError, type EncodeItem, type ItemResult, ManualClock, RequestTrace } from '#core';
import { buildTiming, SamplePool } from '../testing/sample-pool.js';
import { EmbeddingCache } from './embedding-cache.js';

const text = (content: string): EncodeItem => ({ kind: 'text', text: content });
const image = (content: string): EncodeItem => ({ kind: 'image', bytes: Buffer.from(content) });
const encoded = (...numbers: number[]): ItemResult => ({
  ok: true,
  embedding: Float32Array.from(numbers),
  timing: buildTiming({ runMs: 9, replica: 'r-1' }),
  tokens: 4,
});
const vectorOf = (result: ItemResult) => (result.ok ? [...result.embedding] : result.error.code);
const { signal: patient } = new AbortController();

/** A cache over a pool whose runs end when they are told to; it counts what it is told. */
function buildCache(bytesMax = 100_000) {
  const counts = { hits: [] as string[], misses: [] as string[], entries: 0, bytes: 0 };
  const cache = new EmbeddingCache({
    bytesMax,
    observer: {
      onCacheHit: (model, modality) => counts.hits.push(`${model} ${modality}`),
      onCacheMiss: (model, modality) => counts.misses.push(`${model} ${modality}`),
      onCacheSize: (entries, bytes) => Object.assign(counts, { entries, bytes }),
    },
  });
  const runs: PromiseWithResolvers<ItemResult>[] = [];
  const pool = new SamplePool();
  const run = () => (runs[runs.push(Promise.withResolvers()) - 1] ?? fail()).promise;
  const encodeAll = (items: readonly EncodeItem[], turn = 'someone', signal = patient, from = pool) =>
    cache.encode({ pool: from, items, signal, turn, run: (missing) => Promise.all(missing.map(run)) });
  const encode = async (item: EncodeItem, ...how: [turn?: string, signal?: AbortSignal, from?: SamplePool]) => {
    const [result] = await encodeAll([item], ...how);
    return result ?? fail();
  };
  /** Encodes what must be a miss. */
  const encodeAs = async (item: EncodeItem, result: ItemResult, from = pool) => {
    const answer = encode(item, 'someone', patient, from);
    runs.at(-1)?.resolve(result);
    return answer;
  };
  return { counts, runs, pool, encode, encodeAll, encodeAs };
}

function fail(): never {
  throw new Error('no run');
}

/** Lets everything that is settled be heard. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('EmbeddingCache', () => {
  it('gives a known vector without a run, with its tokens and a timing that says so', async () => {
    const { counts, runs, encode, encodeAs } = buildCache();
    await encodeAs(text('a'), encoded(1, 2));
    expect(await encode(text('a'))).toEqual({
      ok: true,
      embedding: Float32Array.of(1, 2),
      tokens: 4,
      timing: { queueMs: 0, prepareMs: 0, runMs: 0, batchSize: 0, replica: 'cache' },
    });
    expect(runs).toHaveLength(1);
    expect(counts).toMatchObject({ hits: ['sample text'], misses: ['sample text'] });
    expect(counts).toMatchObject({ entries: 1 });
    expect(counts.bytes).toBeGreaterThan(8);
  });

  it('hands out vectors that each receiver may change', async () => {
    const { runs, encode } = buildCache();
    const [first, second] = [encode(text('a')), encode(text('a'))];
    runs[0]?.resolve(encoded(1, 2));
    for (const answer of [await first, await second, await encode(text('a'))]) {
      expect(vectorOf(answer)).toEqual([1, 2]);
      if (answer.ok) answer.embedding.fill(0);
    }
    expect(vectorOf(await encode(text('a')))).toEqual([1, 2]);
  });

  it('tells apart texts, image files, pixels and their forms, and pools of one name', async () => {
    const { runs, encodeAs } = buildCache();
    const data = Buffer.from('abcdefghijkl');
    const pixels = (width: number, height: number, channels: 1 | 3): EncodeItem => ({
      kind: 'pixels',
      pixels: { data, width, height, channels },
    });
    const items = [
      ...[text('abcdefghijkl'), text('abcdefghijkl '), text('ABCDEFGHIJKL'), text('\ud800'), text('\ufffd')],
      ...[image('abcdefghijkl'), image('abcdefghijk')],
      ...[pixels(4, 1, 3), pixels(1, 4, 3), pixels(2, 2, 3), pixels(12, 1, 1)],
    ];
    for (const [at, item] of items.entries()) expect(vectorOf(await encodeAs(item, encoded(at)))).toEqual([at]);
    const switched = new SamplePool();
    for (const [at, item] of items.entries()) {
      expect(vectorOf(await encodeAs(item, encoded(-at - 1), switched))).toEqual([-at - 1]);
    }
    for (const [at, item] of items.entries()) expect(vectorOf(await encodeAs(item, encoded(99)))).toEqual([at]);
    expect(runs).toHaveLength(2 * items.length);
  });

  it('knows an image again by its bytes, wherever they lie', async () => {
    const { counts, encode, encodeAs } = buildCache();
    await encodeAs(image('picture'), encoded(5));
    const elsewhere = Buffer.from('a picture!').subarray(2, 9);
    expect(vectorOf(await encode({ kind: 'image', bytes: elsewhere }))).toEqual([5]);
    expect(counts.hits).toEqual(['sample image']);
  });

  it('keeps no error', async () => {
    const { encodeAs } = buildCache();
    const error = new DomainError('image_unreadable', 'No image.');
    expect(vectorOf(await encodeAs(image('x'), { ok: false, error }))).toBe('image_unreadable');
    expect(vectorOf(await encodeAs(image('x'), encoded(3)))).toEqual([3]);
  });

  it('shares one run among items that are the same at the same time, its error too', async () => {
    const { counts, runs, encode } = buildCache();
    const good = Array.from({ length: 50 }, () => encode(text('a')));
    const bad = [encode(image('x')), encode(image('x'))];
    expect(runs).toHaveLength(2);
    runs[0]?.resolve(encoded(1));
    runs[1]?.resolve({ ok: false, error: new DomainError('image_unreadable', 'No image.') });
    expect((await Promise.all(good)).map(vectorOf)).toEqual(good.map(() => [1]));
    expect((await Promise.all(bad)).map(vectorOf)).toEqual(['image_unreadable', 'image_unreadable']);
    expect(counts.hits).toEqual(Array(49).fill('sample text'));
    expect(counts.misses).toEqual(['sample text', 'sample image', 'sample image']);
  });

  it('gives a list one result per item, in order, and runs what is twice in it once', async () => {
    const { runs, counts, encodeAll, encodeAs } = buildCache();
    await encodeAs(text('known'), encoded(9));
    const large = text('a'.repeat(8_193));
    const answer = encodeAll([text('a'), text('known'), image('x'), large, text('a'), large]);
    expect(runs).toHaveLength(5);
    for (const [at, run] of runs.slice(1).entries()) run.resolve(encoded(at));
    expect((await answer).map(vectorOf)).toEqual([[0], [9], [1], [2], [0], [3]]);
    expect(counts.hits).toEqual(['sample text', 'sample text']);
  });

  it('has who shared a run that was called off share another one', async () => {
    const { runs, encode } = buildCache();
    const [leaver, ...others] = [encode(text('a')), encode(text('a')), encode(text('a'))];
    runs[0]?.reject(new DomainError('cancelled', 'gone'));
    await expect(leaver).rejects.toThrow('gone');
    await turn();
    expect(runs).toHaveLength(2);
    runs[1]?.resolve(encoded(7));
    expect((await Promise.all(others)).map(vectorOf)).toEqual([[7], [7]]);
  });

  it('lets who shares a run leave at once, without an effect on the others', async () => {
    const { runs, encode } = buildCache();
    const caller = new AbortController();
    const first = encode(text('a'));
    const leaver = encode(text('a'), 'someone', caller.signal);
    const stayer = encode(text('a'));
    caller.abort();
    await expect(leaver).rejects.toMatchObject({ code: 'cancelled' });
    await expect(encode(text('a'), 'someone', caller.signal)).rejects.toMatchObject({ code: 'cancelled' });
    runs[0]?.resolve(encoded(1));
    expect((await Promise.all([first, stayer])).map(vectorOf)).toEqual([[1], [1]]);
    expect(runs).toHaveLength(1);
  });

  it('has nobody wait for the run of another turn, whose vectors are shared all the same', async () => {
    const { runs, encode } = buildCache();
    const bulk = encode(text('a'), 'bulk');
    const other = encode(text('a'), 'other');
    expect(runs).toHaveLength(2);
    runs[1]?.resolve(encoded(2));
    expect(vectorOf(await other)).toEqual([2]);
    expect(vectorOf(await encode(text('a'), 'third'))).toEqual([2]);
    runs[0]?.resolve(encoded(2));
    expect(vectorOf(await bulk)).toEqual([2]);
  });

  it('stays within its bytes', async () => {
    const { counts, encodeAs } = buildCache(5_000);
    for (let at = 0; at < 100; at++) {
      await encodeAs(text(`text ${at}`), encoded(...new Array<number>(100).fill(at)));
      expect(counts.bytes).toBeLessThanOrEqual(5_000);
    }
    expect(counts.bytes).toBeGreaterThan(3_000);
  });

  it('lets go of what was used longest ago, and of no more than it must', async () => {
    const { runs, encode, encodeAs } = buildCache(4_000);
    const vector = new Array<number>(100).fill(1); // with key and bookkeeping about 930 bytes
    for (const name of ['a', 'b', 'c', 'd']) await encodeAs(text(name), encoded(...vector));
    await encode(text('a'));
    await encodeAs(text('e'), encoded(...vector));
    const runsBefore = runs.length;
    for (const name of ['a', 'c', 'd', 'e']) await encode(text(name));
    expect(runs).toHaveLength(runsBefore);
    void encode(text('b'));
    expect(runs).toHaveLength(runsBefore + 1);
  });

  it('keeps no vector that is larger than all it may hold, and loses none for it', async () => {
    const { counts, runs, encode, encodeAs } = buildCache(2_000);
    await encodeAs(text('a'), encoded(1));
    const held = counts.bytes;
    await encodeAs(text('b'), encoded(...new Array<number>(1_000).fill(1)));
    expect(counts.bytes).toBe(held);
    await encode(text('a'));
    expect(runs).toHaveLength(2);
  });

  it('runs what is too large for it each time', async () => {
    const { runs, encodeAs } = buildCache();
    for (const item of [text('a'.repeat(8_193)), image('a'.repeat(2 ** 21 + 1))]) {
      await encodeAs(item, encoded(1));
      await encodeAs(item, encoded(1));
    }
    expect(runs).toHaveLength(4);
  });
});

describe('a traced request', () => {
  const aTrace = () => new RequestTrace({ traceId: 'a', spanId: 'b', sampled: true }, undefined, 'a-request');

  /** A cache on a clock turned by hand, whose runs end when they are told to. */
  function buildTraced() {
    const clock = new ManualClock();
    const cache = new EmbeddingCache({ bytesMax: 100_000, clock });
    const runs: PromiseWithResolvers<ItemResult[]>[] = [];
    const run = () => (runs[runs.push(Promise.withResolvers()) - 1] ?? fail()).promise;
    const pool = new SamplePool();
    const encode = (trace: RequestTrace, contents: string[], signal = patient) =>
      cache.encode({ pool, items: contents.map(text), signal, turn: 'someone', run, trace });
    return { clock, runs, encode };
  }

  it('notes what the cache knew, what another request was just running, and for how long it waited for that', async () => {
    const { clock, runs, encode } = buildTraced();
    const [first, second] = [aTrace(), aTrace()];
    const known = encode(first, ['known']);
    runs[0]?.resolve([encoded(1)]);
    await known;
    const running = encode(first, ['running']);
    const waits = encode(second, ['known', 'running', 'new']);
    clock.advance(30);
    runs[1]?.resolve([encoded(2)]);
    await running;
    await turn();
    clock.advance(30);
    runs[2]?.resolve([encoded(3)]);
    await waits;
    expect(first.parts).toEqual([]);
    const attributes = { 'clip.cache.hits': 1, 'clip.cache.shared': 1, 'clip.cache.misses': 1 };
    expect(second.parts).toEqual([{ name: 'cache', startMs: 0, endMs: 30, attributes }]);
  });

  it('notes that it was still waiting for the run of another when its caller left', async () => {
    const { clock, encode } = buildTraced();
    const trace = aTrace();
    const caller = new AbortController();
    void encode(aTrace(), ['running']);
    const waits = encode(trace, ['running'], caller.signal);
    clock.advance(20);
    caller.abort();
    await expect(waits).rejects.toThrow(DomainError);
    expect(trace.parts).toMatchObject([{ name: 'cache', endMs: 20, attributes: { 'clip.cache.shared': 1 } }]);
  });
});

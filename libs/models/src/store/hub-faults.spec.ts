import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { immichRepository, transformersRepository } from '../../../../test/support/model-repositories.js';
import { StoreBench } from '../../../../test/support/store-bench.js';

const B32 = 'ViT-B-32::openai';
const B32_REPOSITORY = 'Xenova/clip-vit-base-patch32';
const RN50 = 'RN50::openai';
const TOKENIZER = 'tokenizer.json';

async function benchWith(): Promise<StoreBench> {
  const bench = await StoreBench.start();
  bench.hub.publish(B32_REPOSITORY, transformersRepository());
  bench.hub.publish('immich-app/RN50__openai', immichRepository());
  return bench;
}

describe('a hub that misbehaves', () => {
  it('by cutting the connection is asked for the rest only', async () => {
    await using bench = await benchWith();
    bench.hub.fail(TOKENIZER, { kind: 'cut', afterBytes: 400_000 });
    bench.hub.fail(TOKENIZER, { kind: 'cut', afterBytes: 400_000 });
    await bench.store().folderOf(B32);

    const ranges = bench.hub.requests.filter(({ host, path }) => host === 'cdn' && path.endsWith(TOKENIZER));
    expect(ranges.map(({ range }) => range)).toEqual([undefined, expect.any(String), expect.any(String)]);
    const starts = ranges.slice(1).map(({ range }) => Number(/\d+/.exec(range ?? '')?.[0]));
    expect(starts[0]).toBeGreaterThan(0);
    expect(starts[1]).toBeGreaterThan(starts[0] ?? 0);
  });

  it('by cutting, with a process that ended meanwhile, is asked for the rest by the next process', async () => {
    await using bench = await benchWith();
    bench.hub.fail(TOKENIZER, { kind: 'cut', afterBytes: 1_500_000 });
    const cancel = new AbortController();
    const first = bench.store({ observe: ({ kind }) => kind === 'retry' && cancel.abort() });
    await expect(first.folderOf(B32, cancel.signal)).rejects.toMatchObject({ code: 'cancelled' });
    await bench.store().folderOf(B32);

    const [, second] = bench.hub.requests.filter(({ host, path }) => host === 'cdn' && path.endsWith(TOKENIZER));
    expect(second?.range).toMatch(/^bytes=[1-9]\d*-$/);
    expect(bench.events.find((event) => event.kind === 'started')?.bytesThere).toBeGreaterThan(0);
  });

  it('by another content than the digest says is not believed, and asked again from the start', async () => {
    await using bench = await benchWith();
    bench.hub.fail(TOKENIZER, { kind: 'wrong-content' });
    bench.hub.fail('config.json', { kind: 'wrong-content' });
    const folder = await bench.store().folderOf(B32);

    expect(await bench.store().verify(B32)).toEqual([]);
    expect(readFileSync(join(folder, 'config.json'), 'utf8')).toContain('projection_dim');
    expect(bench.retriesAfterS).toEqual([1, 1]);
  });

  it('by wrong content every time is given up, and nothing of the model shows', async () => {
    await using bench = await benchWith();
    bench.hub.fail(TOKENIZER, { kind: 'wrong-content', times: 100 });

    await expect(bench.store().folderOf(B32)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('another content than its SHA-256 says'),
    });
    expect(bench.retriesAfterS).toEqual([1, 2, 4, 8, 16]);
    expect(await bench.store().find(B32)).toBeUndefined();
  });

  it('by two different digests of one file is not believed at all', async () => {
    await using bench = await benchWith();
    bench.hub.fail(TOKENIZER, { kind: 'wrong-header' });

    await expect(bench.store().folderOf(B32)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('two different digests'),
    });
  });

  it('by ignoring ranges gets the file from the start, whole and right', async () => {
    await using bench = await benchWith();
    bench.hub.fail(TOKENIZER, { kind: 'cut', afterBytes: 1_000 });
    bench.hub.fail(TOKENIZER, { kind: 'ignore-range' });
    await bench.store().folderOf(B32);

    expect(await bench.store().verify(B32)).toEqual([]);
  });

  it('by falling silent is given up after a while and asked again', async () => {
    await using bench = await benchWith();
    bench.hub.fail(TOKENIZER, { kind: 'stall', afterBytes: 1_000 });
    await bench.store({ stallMsMax: 200 }).folderOf(B32);

    expect(bench.retriesAfterS).toEqual([1]);
  });

  it('by 429 is left alone for as long as it asks', async () => {
    await using bench = await benchWith();
    bench.hub.fail(TOKENIZER, { kind: 'status', status: 429, headers: { 'retry-after': '17' } });
    bench.hub.fail(B32_REPOSITORY, { kind: 'status', status: 429, headers: { 'retry-after': '9' } });
    await bench.store().folderOf(B32);

    expect(bench.retriesAfterS).toEqual([9, 17]);
  });

  it('by 429 without a time to wait is left alone until the window of its quota ends', async () => {
    await using bench = await benchWith();
    const spent = (ratelimit: string) => ({ kind: 'status', status: 429, headers: { ratelimit } }) as const;
    bench.hub.fail(B32_REPOSITORY, spent('"api";r=0;t=55'));
    bench.hub.fail(B32_REPOSITORY, spent('"api";r=0;t=300'));
    await bench.store().folderOf(B32);

    expect(bench.retriesAfterS).toEqual([56, 301]);
  });

  it('by 429 for an hour is reported with the time, not waited for', async () => {
    await using bench = await benchWith();
    bench.hub.fail(B32_REPOSITORY, { kind: 'status', status: 429, headers: { 'retry-after': '3600' } });

    await expect(bench.store().folderOf(B32)).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 3_600_000 });
  });

  it('by 5xx is tried again, later and later', async () => {
    await using bench = await benchWith();
    bench.hub.fail(TOKENIZER, { kind: 'status', status: 503, times: 3 });
    await bench.store().folderOf(B32);

    expect(bench.retriesAfterS).toEqual([1, 2, 4]);
  });

  it('by 404 is believed at once', async () => {
    await using bench = await benchWith();
    bench.hub.fail(TOKENIZER, { kind: 'status', status: 404 });

    await expect(bench.store().folderOf(B32)).rejects.toMatchObject({ code: 'not_found' });
    expect(bench.retriesAfterS).toEqual([]);
  });

  it('by redirects is followed, but not in circles', async () => {
    await using bench = await benchWith();
    bench.hub.fail(TOKENIZER, { kind: 'redirects', times: 3 });
    await bench.store().folderOf(B32);
    bench.hub.fail('textual/tokenizer.json', { kind: 'redirects', times: 100 });

    await expect(bench.store().folderOf(RN50)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('in circles'),
    });
  });

  it('by file names that lead out of the folder is not obeyed', async () => {
    await using bench = await benchWith();
    bench.hub.publish('evil/clip', {
      ...transformersRepository(),
      'onnx/../../../evil.onnx_data': 'x',
      '/etc/evil': 'x',
    });
    await bench.store().folderOf('hub:evil/clip');

    expect(existsSync(join(bench.dataDir, 'evil.onnx_data'))).toBe(false);
  });

  it('by not being there is told so, after the attempts', async () => {
    await using bench = await benchWith();
    const store = bench.store({ hubUrl: 'http://127.0.0.1:1' });

    await expect(store.folderOf(B32)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('127.0.0.1:1 could not be reached (ECONNREFUSED)'),
    });
  });
});

describe('a gated model', () => {
  it('is refused with what to do, and comes with the token', async () => {
    await using bench = await benchWith();
    bench.hub.gated.set(B32_REPOSITORY, 'hf_right');

    await expect(bench.store().folderOf(B32)).rejects.toMatchObject({
      code: 'permission_denied',
      message: expect.stringContaining('CAS_HUB_TOKEN'),
    });
    await bench.store({ hubToken: 'hf_right' }).folderOf(B32);
  });

  it('never shows the token to another host than the hub', async () => {
    await using bench = await benchWith();
    bench.hub.gated.set(B32_REPOSITORY, 'hf_right');
    await bench.store({ hubToken: 'hf_right' }).folderOf(B32);

    const [hub, cdn] = ['hub', 'cdn'].map((host) => bench.hub.requests.filter((request) => request.host === host));
    expect(hub?.every(({ authorization }) => authorization === 'Bearer hf_right')).toBe(true);
    expect(cdn?.length).toBeGreaterThan(0);
    expect(cdn?.every(({ authorization }) => authorization === undefined)).toBe(true);
  });
});

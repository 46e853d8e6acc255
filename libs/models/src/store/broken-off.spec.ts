import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { immichRepository, transformersRepository } from '../../../../test/support/model-repositories.js';
import { StoreBench } from '../../../../test/support/store-bench.js';

const B32 = 'ViT-B-32::openai';
const RN50 = 'RN50::openai';
const TOKENIZER = 'tokenizer.json';
const WAIT_MS_MAX = 10_000;

async function benchWith(): Promise<StoreBench> {
  const bench = await StoreBench.start();
  bench.hub.publish('Xenova/clip-vit-base-patch32', transformersRepository());
  bench.hub.publish('immich-app/RN50__openai', immichRepository());
  return bench;
}

/** All files but one arrive. */
async function breakOff(bench: StoreBench): Promise<void> {
  bench.hub.fail(TOKENIZER, { kind: 'status', status: 404 });
  await expect(bench.store().folderOf(B32)).rejects.toMatchObject({ code: 'not_found' });
}

const leftIn = (bench: StoreBench): string[] => readdirSync(join(bench.dataDir, 'models/.partial'));

describe('a download that broke off', () => {
  it('is listed with what has arrived', async () => {
    await using bench = await benchWith();
    await breakOff(bench);
    const [partial] = await bench.store().partials();

    expect(partial).toMatchObject({ name: B32, isRunning: false });
    expect(partial?.bytes).toBeGreaterThan(0);
    expect(await bench.store().list()).toEqual([]);
  });

  it('is removed by the name of its model', async () => {
    await using bench = await benchWith();
    await breakOff(bench);
    await bench.store().remove('ViT-B/32');

    expect(leftIn(bench)).toEqual([]);
    await expect(bench.store().remove(B32)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('counts against the limit of the cache, and goes before any model does', async () => {
    await using bench = await benchWith();
    const store = bench.store();
    await store.folderOf(RN50);
    await store.release(RN50);
    const [model] = await store.list();
    await breakOff(bench);
    const [partial] = await store.partials();
    bench.hub.publish('someone/their-clip', immichRepository());
    const bytes = model?.bytes ?? 0;
    await bench.store({ modelCacheBytesMax: 2 * bytes }).folderOf('hub:someone/their-clip');

    expect(leftIn(bench)).toEqual([]);
    expect(bench.events.filter(({ kind }) => kind === 'evicted')).toEqual([
      { kind: 'evicted', model: B32, bytes: partial?.bytes, wasWhole: false },
    ]);
    expect((await store.list()).map(({ name }) => name)).toContain(RN50);
  });

  it('does not stand in its own way when it goes on', async () => {
    await using bench = await benchWith();
    await breakOff(bench);
    const size = bench.events.find((event) => event.kind === 'started')?.bytes;
    await bench.store({ modelCacheBytesMax: size }).folderOf(B32);

    expect(leftIn(bench)).toEqual([]);
  });
});

describe('a download that runs', () => {
  it('is not removed, not for another model’s sake either', async () => {
    await using bench = await benchWith();
    const rest = Promise.withResolvers<void>();
    bench.hub.fail(TOKENIZER, { kind: 'hold', afterBytes: 1_000, until: rest.promise });
    const running = bench.store().folderOf(B32);
    await vi.waitFor(() => expect(bench.hub.requests.some(({ host }) => host === 'cdn')).toBe(true), WAIT_MS_MAX);

    await expect(bench.store().remove(B32)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('is being downloaded'),
    });
    await expect(bench.store({ modelCacheBytesMax: 1 }).folderOf(RN50)).rejects.toMatchObject({ code: 'unavailable' });
    rest.resolve();
    expect(existsSync(await running)).toBe(true);
  });
});

import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { immichRepository, transformersRepository } from '../../../../test/support/model-repositories.js';
import { StoreBench } from '../../../../test/support/store-bench.js';
import { FolderUses } from '../cache/model-uses.js';

const B32 = 'ViT-B-32::openai';
const B32_REPOSITORY = 'Xenova/clip-vit-base-patch32';
const CONFIG = 'config.json';

async function benchWith(): Promise<StoreBench> {
  const bench = await StoreBench.start();
  bench.hub.publish(B32_REPOSITORY, transformersRepository());
  bench.hub.publish('immich-app/RN50__openai', immichRepository());
  return bench;
}

/** Other bytes of the same length, which only a digest tells from the right ones. */
function damage(folder: string): void {
  const file = join(folder, CONFIG);
  writeFileSync(file, readFileSync(file, 'utf8').replace('clip', 'CLIP'));
}

const fetchedFrom = (bench: StoreBench): string[] =>
  bench.hub.downloads.filter(({ host }) => host === 'hub').map(({ path }) => path.split('/').at(-1) ?? '');

describe('a model of the cache with a damaged file of the right size', () => {
  it('is mended by a pull, which fetches only that file', async () => {
    await using bench = await benchWith();
    const folder = await bench.store().folderOf(B32);
    damage(folder);
    bench.hub.requests.length = 0;

    expect(await bench.store().pull('ViT-B/32')).toBe(folder);
    expect(await bench.store().verify(B32)).toEqual([]);
    expect(fetchedFrom(bench)).toEqual([CONFIG]);
  });

  it('stays where it is when a pull does not reach the hub', async () => {
    await using bench = await benchWith();
    const folder = await bench.store().folderOf(B32);
    damage(folder);

    await expect(bench.store({ offline: true }).pull(B32)).rejects.toMatchObject({ code: 'unavailable' });
    expect(existsSync(join(folder, CONFIG))).toBe(true);
  });
});

describe('a model of the cache that is whole', () => {
  it('is left alone by a pull, without a word to the hub', async () => {
    await using bench = await benchWith();
    const folder = await bench.store().folderOf(B32);
    bench.hub.requests.length = 0;

    expect(await bench.store().pull(B32)).toBe(folder);
    expect(bench.hub.requests).toEqual([]);
  });

  it('is served although what a dead process left there cannot be deleted', async () => {
    await using bench = await benchWith();
    const first = bench.store();
    const folder = await first.folderOf(B32);
    await first.close();
    const left = join(folder, '.uses', 'of-a-dead-process');
    mkdirSync(left);
    utimesSync(left, 0, 0);

    expect(await bench.store().folderOf(B32)).toBe(folder);
    expect(existsSync(left)).toBe(true);
  });
});

describe('a folder that is gone', () => {
  it('is not brought back by the process that still says that it uses it', async () => {
    await using bench = await benchWith();
    const folder = await bench.store().folderOf(B32);
    rmSync(folder, { recursive: true });
    await new FolderUses(bench.clock).begin(folder, 'a-process');

    expect(existsSync(folder)).toBe(false);
  });

  it('is taken by a finished download also where rests lie in its place by then', async () => {
    await using bench = await benchWith();
    const folder = join(bench.dataDir, 'models', encodeURIComponent(B32));
    const store = bench.store({
      observe: ({ kind }) => void (kind === 'started' && mkdirSync(join(folder, '.uses'), { recursive: true })),
    });

    expect(await store.folderOf(B32)).toBe(folder);
    expect(await store.verify(B32)).toEqual([]);
  });
});

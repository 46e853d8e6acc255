import { expect, it } from 'vitest';
import { transformersRepository } from '../../../../test/support/model-repositories.js';
import { StoreBench } from '../../../../test/support/store-bench.js';
import { UsedFolders } from './model-files.js';

const B32 = 'ViT-B-32::openai';
const ALIAS = 'ViT-B/32';

async function benchWithModel(): Promise<StoreBench> {
  const bench = await StoreBench.start();
  bench.hub.publish('Xenova/clip-vit-base-patch32', transformersRepository());
  return bench;
}

it('the files of a model that was asked for and never served may be removed once others are served', async () => {
  await using bench = await benchWithModel();
  const store = bench.store();
  const folders = new UsedFolders(store);
  await folders.folderOf(B32);
  await expect(store.remove(B32)).rejects.toMatchObject({ code: 'conflict' });
  await folders.releaseAllBut(['mini-clip']);
  await store.remove(B32);
  expect(await store.find(B32)).toBeUndefined();
});

it.each([
  ['was asked for by its alias and is served by its own name', ALIAS, B32],
  ['was asked for by its own name and is served by its alias', B32, ALIAS],
])('a model that %s stays in use', async (_, asked, served) => {
  await using bench = await benchWithModel();
  const store = bench.store();
  const folders = new UsedFolders(store);
  await folders.folderOf(asked);
  await folders.releaseAllBut([served]);
  await expect(store.remove(B32)).rejects.toMatchObject({ code: 'conflict' });
});

it('a model that was served by two names stays in use while one of them is served, and no longer', async () => {
  await using bench = await benchWithModel();
  const store = bench.store();
  const folders = new UsedFolders(store);
  for (const name of [B32, ALIAS]) await folders.folderOf(name);
  await folders.releaseAllBut([ALIAS]);
  await expect(store.remove(B32)).rejects.toMatchObject({ code: 'conflict' });
  await folders.releaseAllBut([]);
  await store.remove(B32);
});

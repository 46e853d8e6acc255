import { describe, expect, it } from 'vitest';
import { transformersRepository } from '../../../../test/support/model-repositories.js';
import { StoreBench } from '../../../../test/support/store-bench.js';
import { listModels } from './list-models.js';

const B32 = 'ViT-B-32::openai';

describe('the list of models', () => {
  it('shows a download that broke off, once, with what has arrived of it', async () => {
    await using bench = await StoreBench.start();
    bench.hub.publish('Xenova/clip-vit-base-patch32', transformersRepository());
    bench.hub.fail('tokenizer.json', { kind: 'status', status: 404 });
    const store = bench.store();
    await expect(store.folderOf(B32)).rejects.toMatchObject({ code: 'not_found' });
    const models = await listModels(store, bench.modelDir);

    expect(models.filter(({ name }) => name === B32)).toMatchObject([{ place: 'partial', licence: 'MIT' }]);
    expect(models[0]?.name).toBe(B32);
    expect(models[0]?.megabytes).toBeLessThan(10);
  });
});

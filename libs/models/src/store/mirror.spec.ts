import { describe, expect, it } from 'vitest';
import { transformersRepository } from '../../../../test/support/model-repositories.js';
import { StoreBench } from '../../../../test/support/store-bench.js';

const B32 = 'ViT-B-32::openai';
const B32_REPOSITORY = 'Xenova/clip-vit-base-patch32';

describe('a mirror whose list of files has names only', () => {
  it('serves models all the same: sizes and digests come from the headers of the files', async () => {
    await using bench = await StoreBench.start();
    bench.hub.publish(B32_REPOSITORY, transformersRepository());
    bench.hub.listsNamesOnly = true;
    await bench.store().folderOf(B32);

    expect(await bench.store().verify(B32)).toEqual([]);
    const started = bench.events.find((event) => event.kind === 'started');
    expect(started).toMatchObject({ files: 6, bytesThere: 0 });
    const [model] = await bench.store().list();
    expect(started?.bytes).toBe(model?.bytes);
  });

  it('that tells no size either is named as the reason', async () => {
    await using bench = await StoreBench.start();
    bench.hub.publish(B32_REPOSITORY, transformersRepository());
    bench.hub.listsNamesOnly = true;
    bench.hub.fail('config.json', { kind: 'no-size' });

    await expect(bench.store().folderOf(B32)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/no size .*config\.json.*CAS_HUB_URL/),
    });
  });
});

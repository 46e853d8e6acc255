import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { IMAGE_LIMITS_DEFAULT, openClipModel } from '#clip';
import { systemClock } from '#core';
import {
  immichRepository,
  planesTower,
  textTower,
  transformersRepository,
} from '../../../../test/support/model-repositories.js';
import { placeOfProcess } from '../cache/lock-holder.js';
import { StoreBench } from '../../../../test/support/store-bench.js';

const B32 = 'ViT-B-32::openai';
const B32_REPOSITORY = 'Xenova/clip-vit-base-patch32';
const RN50 = 'RN50::openai';
const RN50_REPOSITORY = 'immich-app/RN50__openai';
const TOKENIZER = 'tokenizer.json';

async function benchWith(): Promise<StoreBench> {
  const bench = await StoreBench.start();
  bench.hub.publish(B32_REPOSITORY, transformersRepository());
  bench.hub.publish(RN50_REPOSITORY, immichRepository());
  return bench;
}

describe('a model that is not on this machine', () => {
  it('is downloaded once: what serves it, whole and right, and nothing else of the repository', async () => {
    await using bench = await benchWith();
    const folder = await bench.store().folderOf('ViT-B/32');

    for (const [path, content] of Object.entries(transformersRepository())) {
      const isNeeded = !/quantized|fp16|gitattributes/.test(path);
      expect(existsSync(join(folder, path)), path).toBe(isNeeded);
      if (isNeeded) expect(readFileSync(join(folder, path)).equals(Buffer.from(content)), path).toBe(true);
    }
    expect(await bench.store().folderOf(B32)).toBe(folder);
    expect(bench.hub.downloads.filter(({ host }) => host === 'hub')).toHaveLength(6);
    expect(bench.events.map(({ kind }) => kind).filter((kind) => kind !== 'progress')).toEqual(['started', 'done']);
  });

  it('counts every byte in its progress, up to all of them', async () => {
    await using bench = await benchWith();
    await bench.store().folderOf(B32);

    const last = bench.events.findLast((event) => event.kind === 'progress');
    expect(last).toMatchObject({ bytesDone: last?.bytes });
  });

  it('comes as one commit: files are asked for by the commit that the list named', async () => {
    await using bench = await benchWith();
    await bench.store().folderOf(B32);

    const commit = bench.hub.commitOf(B32_REPOSITORY);
    bench.hub.downloads
      .filter(({ host }) => host === 'hub')
      .forEach(({ path }) => expect(path).toContain(`/resolve/${commit}/`));
  });

  it('is taken from CAS_MODEL_DIR where there is a folder of its name, without a word to the hub', async () => {
    await using bench = await benchWith();
    mkdirSync(join(bench.modelDir, B32), { recursive: true });

    expect(await bench.store().folderOf(B32)).toBe(join(bench.modelDir, B32));
    expect(bench.hub.requests).toEqual([]);
  });

  it('never comes from outside of CAS_MODEL_DIR', async () => {
    await using bench = await benchWith();
    mkdirSync(join(bench.folder, 'secret'));

    for (const name of ['../secret', '..', '.', join(bench.folder, 'secret')]) {
      await expect(bench.store().folderOf(name)).rejects.toMatchObject({ code: 'model_unknown' });
    }
  });

  it('may be any repository of the hub in a known layout', async () => {
    await using bench = await benchWith();
    bench.hub.publish('someone/their-clip', immichRepository());
    const folder = await bench.store().folderOf('hub:someone/their-clip@v2');

    expect(existsSync(join(folder, 'visual/model.onnx'))).toBe(true);
    expect(existsSync(join(folder, 'visual/model.armnn'))).toBe(false);
  });

  it('is refused by name when nobody has it, with names that are close', async () => {
    await using bench = await benchWith();

    await expect(bench.store().folderOf('vit-b-32::opena')).rejects.toMatchObject({
      code: 'model_unknown',
      message: expect.stringContaining(B32),
    });
    await expect(bench.store().folderOf('CN-CLIP/RN50')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('No ONNX files are published'),
    });
  });
});

describe('a variant of a model', () => {
  const int8 = { 'onnx/vision_model_quantized.onnx': planesTower(), 'onnx/text_model_quantized.onnx': textTower() };
  const INT8 = `${B32}@int8`;

  async function benchWithInt8(): Promise<StoreBench> {
    const bench = await benchWith();
    bench.hub.publish(B32_REPOSITORY, { ...transformersRepository(), ...int8 });
    return bench;
  }

  it('is downloaded by name or alias into a folder of its own, and nothing of the others', async () => {
    await using bench = await benchWithInt8();
    const folder = await bench.store().folderOf('ViT-B/32@int8');

    expect(readdirSync(join(folder, 'onnx')).sort()).toEqual([
      'text_model_quantized.onnx',
      'vision_model_quantized.onnx',
    ]);
    expect(await bench.store().folderOf(INT8)).toBe(folder);
    expect(bench.events.find(({ kind }) => kind === 'started')).toMatchObject({ model: INT8, files: 6 });
  });

  it('is served beside the float32 model, and verified and removed without it', async () => {
    await using bench = await benchWithInt8();
    const store = bench.store();
    const folders = [await store.folderOf(B32), await store.folderOf(INT8)];
    for (const folder of folders) {
      const options = { name: INT8, threads: 1, provider: 'cpu', imageLimits: IMAGE_LIMITS_DEFAULT } as const;
      const model = await openClipModel({ ...options, folder });
      expect(await model.run(await model.prepare([{ kind: 'text', text: 'a cat' }]))).toMatchObject([{ ok: true }]);
      await model.close();
    }
    await store.release(INT8);

    expect(new Set(folders).size).toBe(2);
    expect(await store.verify(INT8)).toEqual([]);
    await store.remove('ViT-B/32@int8');
    expect((await store.list()).map(({ name }) => name)).toEqual([B32]);
  }, 30_000);

  it('may be one of any repository of the hub, behind the revision', async () => {
    await using bench = await benchWithInt8();
    const folder = await bench.store().folderOf(`hub:${B32_REPOSITORY}@main@int8`);

    expect(existsSync(join(folder, 'onnx/text_model_quantized.onnx'))).toBe(true);
  });

  it('that its repository lacks is refused with what that holds, and leaves nothing behind', async () => {
    await using bench = await benchWithInt8();

    await expect(bench.store().folderOf(`${RN50}@fp16`)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(
        /RN50__openai holds no fp16 .*textual\/model\.onnx, visual\/model\.onnx.*tools\/export/,
      ),
    });
    expect(bench.hub.downloads).toEqual([]);
    expect(await bench.store().list()).toEqual([]);
  });
});

describe('the cache', () => {
  it('serves offline what it has, and says what to do for the rest', async () => {
    await using bench = await benchWith();
    const folder = await bench.store().folderOf(B32);
    const asked = bench.hub.requests.length;
    const offline = bench.store({ offline: true });

    expect(await offline.folderOf(B32)).toBe(folder);
    await expect(offline.folderOf(RN50)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('CAS_OFFLINE'),
    });
    expect(bench.hub.requests).toHaveLength(asked);
  });

  it('finds damage when it is verified, without the hub, and mends only what is damaged', async () => {
    await using bench = await benchWith();
    const folder = await bench.store().folderOf(B32);
    writeFileSync(
      join(folder, 'config.json'),
      readFileSync(join(folder, 'config.json'), 'utf8').replace('clip', 'CLIP'),
    );
    truncateSync(join(folder, TOKENIZER), 10);

    expect(await bench.store({ offline: true }).verify(B32)).toEqual([
      { path: 'config.json', problem: 'content' },
      { path: TOKENIZER, problem: 'size' },
    ]);
    bench.hub.requests.length = 0;
    expect(await bench.store().folderOf(B32)).toBe(folder);
    expect(await bench.store().verify(B32)).toEqual([]);
    const fetched = bench.hub.downloads.filter(({ host }) => host === 'hub').map(({ path }) => path.split('/').at(-1));
    expect(fetched.sort()).toEqual(['config.json', TOKENIZER]);
  });

  it('makes room by removing the longest unused model, never one in use', async () => {
    await using bench = await benchWith();
    const size = (await sizeAfterUse(bench, B32)) * 1.5;
    const limited = bench.store({ modelCacheBytesMax: size });
    await limited.folderOf(RN50);

    expect((await limited.list()).map(({ name }) => name)).toEqual([RN50]);
    expect(bench.events).toContainEqual(expect.objectContaining({ kind: 'evicted', model: B32 }));
    await expect(limited.folderOf(B32)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('CAS_MODEL_CACHE_BYTES_MAX'),
    });
    expect((await limited.list()).map(({ name }) => name)).toEqual([RN50]);
  });

  it('never loses a model that another process uses, until that process is done with it', async () => {
    await using bench = await benchWith();
    const user = bench.store();
    await user.folderOf(B32);

    await expect(bench.store().remove(B32)).rejects.toMatchObject({ code: 'conflict' });
    await user.close();
    await bench.store().remove('ViT-B/32');
    expect(await bench.store().find(B32)).toBeUndefined();
  });

  it('forgets the use of a process that died', async () => {
    await using bench = await benchWith();
    await bench.store().folderOf(B32);
    bench.clock.advance(200_000);

    await expect(bench.store().remove(B32)).resolves.toBeUndefined();
  });

  it('serves a model that was downloaded as it serves any folder', async () => {
    await using bench = await benchWith();
    const options = { name: B32, threads: 1, provider: 'cpu', imageLimits: IMAGE_LIMITS_DEFAULT } as const;
    const model = await openClipModel({ ...options, folder: await bench.store().folderOf(B32) });

    const results = await model.run(await model.prepare([{ kind: 'text', text: 'a cat' }]));
    await model.close();
    expect(results).toMatchObject([{ ok: true, tokens: 4 }]);
  });

  it('lets several processes ask for one model at the same time, and downloads it once', async () => {
    await using bench = await benchWith();
    const folders = await Promise.all([1, 2, 3].map(() => bench.store({ clock: systemClock }).folderOf(B32)));

    expect(new Set(folders).size).toBe(1);
    expect(bench.events.filter(({ kind }) => kind === 'started')).toHaveLength(1);
    expect(bench.events.filter(({ kind }) => kind === 'waiting')).toHaveLength(2);
  });

  it.each([
    ['at once on this machine', placeOfProcess().then((place) => `${place} 4194305 gone`), 0],
    ['after half a minute of silence from another one', 'other-machine 7 gone', 1],
  ])('takes over from a process that died while it downloaded, %s', async (_, holder, waits) => {
    await using bench = await benchWith();
    const locks = join(bench.dataDir, 'models/.locks');
    mkdirSync(locks, { recursive: true });
    writeFileSync(join(locks, encodeURIComponent(B32)), await holder);
    await bench.store().folderOf(B32);

    expect(bench.events.filter(({ kind }) => kind === 'waiting')).toHaveLength(waits);
    expect(readdirSync(locks)).toEqual([]);
  });

  it('ends a download when it is closed, and lets nobody wait for the lock', async () => {
    await using bench = await benchWith();
    bench.hub.fail(TOKENIZER, { kind: 'stall', afterBytes: 1_000 });
    const store = bench.store();
    const running = store.folderOf(B32);
    const ended = expect(running).rejects.toMatchObject({ code: 'shutting_down' });
    await vi.waitFor(() => expect(bench.hub.requests.some(({ host }) => host === 'cdn')).toBe(true));
    await store.close();

    await ended;
    expect(readdirSync(join(bench.dataDir, 'models/.locks'))).toEqual([]);
  });

  it('keeps no half model where models lie', async () => {
    await using bench = await benchWith();
    bench.hub.fail(TOKENIZER, { kind: 'status', status: 404 });
    await bench
      .store()
      .folderOf(B32)
      .catch(() => undefined);

    expect(readdirSync(join(bench.dataDir, 'models')).filter((name) => !name.startsWith('.'))).toEqual([]);
    expect(bench.events.at(-1)).toEqual({ kind: 'failed', model: B32 });
  });
});

async function sizeAfterUse(bench: StoreBench, model: string): Promise<number> {
  const store = bench.store();
  await store.folderOf(model);
  const [only] = await store.list();
  await store.release(model);
  expect(statSync(join(only?.folder ?? '', 'manifest.json')).isFile()).toBe(true);
  return only?.bytes ?? 0;
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { immichRepository, transformersRepository } from '../../../../test/support/model-repositories.js';
import { StoreBench } from '../../../../test/support/store-bench.js';

const B32 = 'ViT-B-32::openai';

let bench: StoreBench;
beforeEach(async () => {
  bench = await StoreBench.start();
  bench.hub.publish('Xenova/clip-vit-base-patch32', transformersRepository());
  bench.hub.publish('someone/their-clip', immichRepository());
});
afterEach(() => bench[Symbol.asyncDispose]());

/** A folder in CAS_MODEL_DIR; without a `without` it is whole. */
function ownModel(name: string, { without }: { without?: string } = {}): void {
  for (const [path, content] of Object.entries(immichRepository())) {
    if (path === without) continue;
    const file = join(bench.modelDir, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

const refusal = (text: string) => ({ code: 'invalid_argument', message: expect.stringContaining(text) });

describe('the check of a name', () => {
  it('downloads nothing, and lets through what can be downloaded or is here', async () => {
    ownModel('ours');
    for (const name of ['ours', B32, 'ViT-B/32', 'hub:someone/their-clip']) await bench.store().require(name);
    expect(bench.hub.downloads).toEqual([]);
    await bench.store().folderOf(B32);
    await bench.store({ offline: true }).require(B32);
  });

  it.each([
    ['mini-clp', ' Did you mean mini-clip?'],
    ['Mini-Clip', ' Did you mean mini-clip?'],
    ['vit-b-32::openai', ' Did you mean ViT-B-32::openai?'],
    ['ViT-B-32::opnai', ' Did you mean ViT-B-32::openai?'],
    ['ViT-L-14-336::nobody', ' Did you mean ViT-L-14-336::openai?'],
    ['nope', 'nor a name in the catalogue. "cas models list"'],
  ])('guesses what %s was meant to be, from the folders and the catalogue', async (name, guess) => {
    ownModel('mini-clip');
    await expect(bench.store().requireName(name)).rejects.toMatchObject(refusal(guess));
    expect(bench.hub.requests).toEqual([]);
  });

  it.each([
    [`${B32}@int4`, 'Names end in @fp16, @int8'],
    [`${B32}@int8`, 'holds no int8 files for texts and for images'],
    ['hub:someone/their-clip@main@int8', 'holds no int8 files for texts and for images'],
    ['hub:no/such', 'does not have this model'],
    ['half', 'half: The model cannot be loaded: visual/preprocess_cfg.json cannot be read'],
    ['without-weights', 'nor a layout that is known'],
    ['empty', 'empty: The model cannot be loaded: its folder holds no visual.onnx'],
  ])('refuses %s, which looks like one and cannot be loaded', async (name, text) => {
    ownModel('half', { without: 'visual/preprocess_cfg.json' });
    ownModel('without-weights', { without: 'textual/model.onnx' });
    mkdirSync(join(bench.modelDir, 'empty'), { recursive: true });
    await expect(bench.store().require(name)).rejects.toMatchObject(refusal(text));
    expect(bench.hub.downloads).toEqual([]);
  });

  it('refuses an ONNX file of no bytes, which a copy on a full disk leaves', async () => {
    ownModel('cut');
    writeFileSync(join(bench.modelDir, 'cut/visual/model.onnx'), '');
    await expect(bench.store().require('cut')).rejects.toMatchObject(refusal('visual/model.onnx is missing or empty'));
  });

  it('refuses what is not here when nothing may be downloaded', async () => {
    await expect(bench.store({ offline: true }).require(B32)).rejects.toMatchObject(refusal('CAS_OFFLINE'));
  });

  it('tells a hub that does not answer from a name that is wrong', async () => {
    bench.hub.fail('Xenova/clip-vit-base-patch32', { kind: 'status', status: 503, times: 2 });
    await expect(bench.store().require(B32)).rejects.toMatchObject({ code: 'unavailable' });
    await bench.store().require(B32);
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { EncodeItem } from '#core';
import {
  immichBytesRepository,
  immichRepository,
  immichSiglipRepository,
  jointRepository,
  type RepositoryFiles,
  transformersRepository,
  transformersSiglipRepository,
} from '../../../../test/support/model-repositories.js';
import { type ClipModel, IMAGE_LIMITS_DEFAULT, openClipModel, readModelInfo } from '../index.js';

const folders: string[] = [];
const models: ClipModel[] = [];
afterEach(async () => {
  await Promise.all(models.splice(0).map((model) => model.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderWith(files: RepositoryFiles): string {
  const folder = mkdtempSync(join(tmpdir(), 'cas-layout-'));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

async function open(files: RepositoryFiles): Promise<ClipModel> {
  const folder = folderWith(files);
  const model = await openClipModel({
    folder,
    name: 'tiny',
    threads: 1,
    provider: 'cpu',
    imageLimits: IMAGE_LIMITS_DEFAULT,
  });
  models.push(model);
  expect(model.info).toEqual(await readModelInfo(folder, 'tiny'));
  return model;
}

async function encode(model: ClipModel, items: EncodeItem[]): Promise<number[][]> {
  const results = await model.run(await model.prepare(items));
  return results.map((result) => {
    if (!result.ok) throw result.error;
    return [...result.embedding].map((value) => Math.round(value * 1000) / 1000);
  });
}

const text = (value: string): EncodeItem => ({ kind: 'text', text: value });
const flat = (red: number, green: number, blue: number): EncodeItem => ({
  kind: 'pixels',
  pixels: {
    data: Uint8Array.from({ length: 192 }, (_, at) => [red, green, blue][at % 3] ?? 0),
    width: 8,
    height: 8,
    channels: 3,
  },
});
/** Left half black, right half white, twice as wide as high. */
const halves: EncodeItem = {
  kind: 'pixels',
  pixels: {
    data: Uint8Array.from({ length: 16 * 8 }, (_, at) => (at % 16 < 8 ? 0 : 255)),
    width: 16,
    height: 8,
    channels: 1,
  },
};

describe('a folder as immich-app publishes it', () => {
  it('runs one item at a time where the batch is fixed to 1, every text filled up to 77', async () => {
    const model = await open(immichRepository());

    expect(model.info).toMatchObject({ dimension: 3, imageSize: 4, contextLength: 77, logitScale: 100 });
    expect(await encode(model, [flat(255, 0, 51), flat(0, 255, 0)])).toEqual([
      [1, 0, 0.2],
      [0, 1, 0],
    ]);
    expect((await encode(model, [text('cat'), text('a dog')])).map((vector) => vector[1])).toEqual([77, 77]);
  });

  it('gets bytes, channels last, where the graph normalises by itself', async () => {
    const model = await open(immichBytesRepository());

    expect(await encode(model, [flat(255, 0, 51), flat(0, 255, 102)])).toEqual([
      [1, 0, 0.2],
      [0, 1, 0.4],
    ]);
    expect((await encode(model, [text('cat'), text('a red dog')])).map((vector) => vector[1])).toEqual([5, 5]);
  });

  it('keeps a bad picture in its own slot in the byte form too', async () => {
    const model = await open(immichBytesRepository());
    const batch = await model.prepare([{ kind: 'image', bytes: Buffer.from('junk') }, flat(255, 255, 255)]);

    expect(await model.run(batch)).toMatchObject([{ ok: false }, { ok: true, embedding: Float32Array.of(1, 1, 1) }]);
  });
});

describe('SigLIP', () => {
  it('of immich-app reads weights from a file of their own, canonical texts and the whole context of pad tokens', async () => {
    const model = await open(immichSiglipRepository());

    expect(model.info).toMatchObject({ dimension: 3, contextLength: 64 });
    // Two words (4 + 8 → "cat" and "two"), the end token (1) and 61 pad tokens (`</s>`, 1).
    expect(await encode(model, [text('Two, CAT!')])).toEqual([[4 + 8 + 1 + 61, 64, 1]]);
  });

  it('squashes pictures instead of cutting them', async () => {
    const [squashed] = await encode(await open(immichSiglipRepository()), [halves]);
    const [cropped] = await encode(await open(immichRepository()), [halves]);

    expect(squashed?.[0]).toBeCloseTo(0, 1);
    expect(cropped?.[0]).toBeCloseTo(0.5, 1);
  });

  it('of transformers answers with the pooled vector, at 64 tokens though config.json does not say so', async () => {
    const model = await open(transformersSiglipRepository());

    expect(model.info).toMatchObject({ dimension: 3, contextLength: 64, imageSize: 4 });
    expect(await encode(model, [text('a cat')])).toEqual([[3 + 4 + 1 + 61, 64, 1]]);
    expect(await encode(model, [flat(255, 255, 255)])).toEqual([[1, 1, 1]]);
  });

  it('of transformers has 768 numbers and 64 tokens where config.json says neither', async () => {
    const config = JSON.stringify({ model_type: 'siglip', text_config: { model_type: 'siglip_text_model' } });
    const folder = folderWith({ ...transformersSiglipRepository(), 'config.json': config });

    expect(await readModelInfo(folder, 'tiny')).toMatchObject({ dimension: 768, contextLength: 64 });
  });
});

describe('a folder as transformers.js reads it', () => {
  it('takes the plain files of each tower, any batch and any length', async () => {
    const model = await open(transformersRepository());

    expect(await encode(model, [flat(255, 0, 0), flat(0, 0, 255), flat(0, 0, 0)])).toEqual([
      [1, 0, 0],
      [0, 0, 1],
      [0, 0, 0],
    ]);
    expect((await encode(model, [text('cat')]))[0]?.[1]).toBe(3);
  });

  it('with both towers in one graph serves each without the other', async () => {
    const model = await open(jointRepository());

    expect(await encode(model, [text('a cat'), text('a')])).toEqual([
      [3 + 4 + 1, 3, 1],
      [3 + 1 + 0, 3, 1],
    ]);
    expect(await encode(model, [flat(255, 0, 0), flat(0, 255, 0)])).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
  });

  it('never fills texts up where layout.json forbids it, and takes its other facts', async () => {
    const layout = {
      visual: 'onnx/model.onnx',
      textual: 'onnx/model.onnx',
      tokenizer: 'tokenizer.json',
      tokenizerConfig: 'tokenizer_config.json',
      preprocess: 'preprocessor_config.json',
      config: 'config.json',
      facts: { padding: 'never', contextLength: 8, logitScale: 112.5 },
    };
    const model = await open({ ...jointRepository(), 'layout.json': JSON.stringify(layout) });

    expect(model.info).toMatchObject({ contextLength: 8, logitScale: 112.5 });
    expect((await encode(model, [text('a cat'), text('a'), text('a big red dog')])).map((vector) => vector[1])).toEqual(
      [3, 2, 5],
    );
  });
});

describe('a folder that fits no layout', () => {
  it.each([
    ['holds no ONNX files', { 'config.json': '{}' }],
    ['names a file outside of itself', { 'layout.json': JSON.stringify({ visual: '../visual.onnx' }) }],
    [
      'resizes in an unknown way',
      { ...immichRepository(), 'visual/preprocess_cfg.json': '{"size":4,"resize_mode":"longest"}' },
    ],
    [
      'resizes with an unknown kernel',
      { ...transformersRepository(), 'preprocessor_config.json': '{"size":4,"resample":5}' },
    ],
  ])('is refused with the reason when it %s', async (_, files) => {
    await expect(readModelInfo(folderWith(files), 'tiny')).rejects.toMatchObject({ code: 'unavailable' });
  });
});

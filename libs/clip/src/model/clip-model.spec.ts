import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EncodeItem } from '#core';
import { type ClipModel, IMAGE_LIMITS_DEFAULT, openClipModel, rankScores, readModelInfo } from '../index.js';

const FOLDER = 'models/mini-clip';
const golden = JSON.parse(readFileSync('test/fixtures/expected.json', 'utf8')) as {
  items: { file: string; texts: string[]; expected: number; cosines: number[] }[];
};
const options = {
  folder: FOLDER,
  name: 'mini-clip',
  threads: 1,
  provider: 'cpu',
  imageLimits: IMAGE_LIMITS_DEFAULT,
} as const;

const text = (value: string): EncodeItem => ({ kind: 'text', text: value });
const image = (file: string): EncodeItem => ({ kind: 'image', bytes: readFileSync(`test/fixtures/${file}`) });

describe('mini-clip', () => {
  let model: ClipModel;
  beforeAll(async () => {
    model = await openClipModel(options);
  });
  afterAll(() => model.close());

  const encode = async (items: EncodeItem[]) => model.run(await model.prepare(items));
  const vectors = async (items: EncodeItem[]) =>
    (await encode(items)).map((result) => {
      if (!result.ok) throw result.error;
      return result.embedding;
    });

  it.each(golden.items)(
    'answers $file right, with the reference cosines',
    async ({ file, texts, expected, cosines }) => {
      const [query = new Float32Array()] = await vectors([image(file)]);
      const scores = rankScores(query, await vectors(texts.map(text)), model.info.logitScale);

      const order = scores.map((_, at) => at).sort((a, b) => (scores[b]?.score ?? 0) - (scores[a]?.score ?? 0));
      expect(order[0]).toBe(expected);
      scores.forEach((score, at) => expect(Math.abs(score.cosine - (cosines[at] ?? NaN))).toBeLessThan(0.005));
    },
  );

  it('tells the same facts with and without its sessions open', async () => {
    expect(await readModelInfo(FOLDER, 'mini-clip')).toEqual(model.info);
    expect(model.info).toEqual({
      name: 'mini-clip',
      dimension: 512,
      imageSize: 224,
      contextLength: 77,
      logitScale: 52.1467,
      normalized: false,
    });
  });

  it('gives a text the same vector alone and among texts of other lengths', async () => {
    const texts = ['cat', 'a photo of a cat '.repeat(30), 'two dogs', 'x '.repeat(40), '', 'a red circle'].map(text);
    const together = await vectors(texts);

    for (const [at, item] of texts.entries()) {
      const [alone = new Float32Array()] = await vectors([item]);
      expect(largestDifference(alone, together[at] ?? new Float32Array())).toBeLessThan(1e-4);
    }
  });

  it('gives a picture the same vector alone and in a batch', async () => {
    const items = ['photo-cat.jpg', 'count-1.png', 'photo-rocket.jpg'].map(image);
    const together = await vectors(items);

    for (const [at, item] of items.entries()) {
      const [alone = new Float32Array()] = await vectors([item]);
      expect(largestDifference(alone, together[at] ?? new Float32Array())).toBeLessThan(1e-4);
    }
  });

  it('fails only the slot of a bad picture', async () => {
    const results = await encode([
      { kind: 'image', bytes: Buffer.from('not an image') },
      image('photo-cat.jpg'),
      { kind: 'image', bytes: new Uint8Array() },
      { kind: 'image', bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') },
      image('count-2.png'),
    ]);

    expect(results.map((result) => (result.ok ? result.embedding.length : result.error.code))).toEqual([
      'image_unreadable',
      512,
      'item_empty',
      'image_format_refused',
      512,
    ]);
  });

  it('gives vectors of their own memory, untouched by the next batch', async () => {
    const [first = new Float32Array()] = await vectors([image('photo-cat.jpg')]);
    const kept = first.slice();
    await vectors([image('photo-rocket.jpg'), image('count-1.png')]);

    expect(first).toEqual(kept);
    expect(first.buffer.byteLength).toBe(512 * 4);
  });

  it('refuses a batch that mixes texts and images', async () => {
    await expect(model.prepare([text('a'), image('count-1.png')])).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('answers an empty batch with nothing', async () => {
    expect(await encode([])).toEqual([]);
  });

  it('warms up with real runs', async () => {
    await expect(model.warmUp({ itemsMax: 4 })).resolves.toBeUndefined();
  });
});

describe('opening a model', () => {
  it('fails clearly when the folder holds none', async () => {
    const error = await openClipModel({ ...options, folder: 'test/fixtures' }).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: 'unavailable' });
    expect(String(error)).not.toContain('test/fixtures');
  });

  it('fails clearly when the GPU provider is not there, and never falls back to the CPU', async () => {
    const opening = openClipModel({ ...options, provider: { name: 'cuda', deviceId: 63 } });

    await expect(opening).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('cuda:63') });
  });
});

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, at) => Math.max(most, Math.abs(value - (b[at] ?? NaN))), 0);
}

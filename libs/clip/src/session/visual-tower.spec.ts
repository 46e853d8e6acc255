import { InferenceSession } from './onnx-runtime.js';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EncodeItem } from '#core';
import { IMAGE_LIMITS_DEFAULT } from '../image/image-limits.js';
import { VisualTower } from './visual-tower.js';

const plain: EncodeItem = flat(10, 20, 30);

function flat(red: number, green: number, blue: number): EncodeItem {
  const data = Uint8Array.from({ length: 5 * 6 * 3 }, (_, at) => [red, green, blue][at % 3] ?? 0);
  return { kind: 'pixels', pixels: { data, width: 5, height: 6, channels: 3 } };
}

describe('a visual tower whose batch is fixed to 3', () => {
  let session: InferenceSession;
  let tower: VisualTower;
  beforeAll(async () => {
    session = await InferenceSession.create('test/reference/towers/visual-fixed.onnx');
    const preprocessing = { resizeTo: 4, cropTo: 4, mean: [0.5, 0, 0], std: [0.5, 1, 0.25] } as const;
    tower = new VisualTower(session, preprocessing, IMAGE_LIMITS_DEFAULT, 3, 8);
  });
  afterAll(() => session.release());

  const encode = async (items: EncodeItem[]) => tower.run(await tower.prepare(items));

  it('answers any number of items, each normalised by mean and standard deviation of its channel', async () => {
    const results = await encode(Array.from({ length: 7 }, (_, at) => flat(at, 100, 200)));

    expect(results).toHaveLength(7);
    results.forEach((result, at) => {
      const vector = result.ok ? [...result.embedding] : [];
      const expected = [(at / 255 - 0.5) / 0.5, 100 / 255, 200 / 255 / 0.25];
      vector.forEach((value, channel) => expect(value).toBeCloseTo(expected[channel] ?? NaN, 5));
    });
  });

  it('gives the square that an image was shown as, and takes it back as it is', async () => {
    const bytes = await sharp({ create: { width: 9, height: 4, channels: 3, background: '#0a141e' } })
      .composite([{ input: { create: { width: 3, height: 2, channels: 3, background: '#c86432' } }, left: 3, top: 1 }])
      .png()
      .toBuffer();
    const [first, plainly] = await encode([
      { kind: 'image', bytes, wantsSquare: true },
      { kind: 'image', bytes },
    ]);
    const square = first?.ok ? first.square : undefined;
    expect(square).toHaveLength(4 * 4 * 3);
    expect(plainly).not.toHaveProperty('square');

    const data = square ?? new Uint8Array();
    const [again] = await encode([
      { kind: 'pixels', pixels: { data, width: 4, height: 4, channels: 3 }, isSquare: true },
    ]);
    expect(again?.ok && again.embedding).toEqual(first?.ok && first.embedding);
  });

  it('refuses a square of another size', async () => {
    const pixels = { data: new Uint8Array(3 * 3 * 3), width: 3, height: 3, channels: 3 } as const;
    expect(await encode([{ kind: 'pixels', pixels, isSquare: true }])).toMatchObject([
      { error: { code: 'tensor_invalid' } },
    ]);
  });

  it('keeps every result at the place of its item when others fail', async () => {
    const broken: EncodeItem = { kind: 'image', bytes: Buffer.from('junk') };
    const results = await encode([broken, flat(255, 0, 0), broken, broken, plain, flat(0, 255, 0)]);

    expect(results.map((result) => result.ok)).toEqual([false, true, false, false, true, true]);
    expect(results[1]).toMatchObject({ ok: true, embedding: Float32Array.of(1, 0, 0) });
    expect(results[5]).toMatchObject({ ok: true, embedding: Float32Array.of(-1, 1, 0) });
  });

  it('answers with errors alone when no item can be decoded', async () => {
    const results = await encode([
      { kind: 'image', bytes: Buffer.from('junk') },
      { kind: 'text', text: 'a' },
    ]);

    expect(results).toMatchObject([{ error: { code: 'image_unreadable' } }, { error: { code: 'invalid_argument' } }]);
  });

  it('prepares one batch while another waits, without mixing them', async () => {
    const first = await tower.prepare([flat(255, 255, 255)]);
    const second = await tower.prepare([flat(0, 0, 0)]);

    expect(await tower.run(first)).toMatchObject([{ embedding: Float32Array.of(1, 1, 4) }]);
    expect(await tower.run(second)).toMatchObject([{ embedding: Float32Array.of(-1, 0, 0) }]);
  });
});

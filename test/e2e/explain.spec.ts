import { request as httpRequest } from 'node:http';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';
import { cosine, model, picture } from './support/fixtures.js';
import { call, postJson } from './support/http-call.js';

interface DropMap {
  base: number;
  drops: number[][];
  range: [number, number];
}

interface Explanation {
  object: string;
  model: string;
  grid: number;
  mode: string;
  results: { index: number; text: string; cosine: DropMap; score: DropMap }[];
  square?: { side: number; rgb: string };
  usage: { items: number; images: number; texts: number; prompt_tokens: number; total_tokens: number };
}

const CAT = 'a photo of a cat';
const COFFEE = 'a photo of a cup of coffee';
const cat = picture('photo-cat.jpg').toString('base64');

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ env: { CAS_REQUEST_ITEMS_MAX: '200', CAS_CACHE_BYTES_MAX: '0' } });
});
afterAll(() => server?.stop());

async function explain(body: unknown): Promise<Explanation> {
  const answer = await postJson(server.http('/v1/explain'), body);
  expect(answer.status, answer.text).toBe(200);
  return answer.json<Explanation>();
}

/** Two shipped pictures, each in one half of a square. */
async function sideBySide(left: string, right: string): Promise<string> {
  const half = (file: string) => sharp(picture(file)).resize(224, 448, { fit: 'cover' }).toBuffer();
  return (
    await sharp({ create: { width: 448, height: 448, channels: 3, background: '#808080' } })
      .composite([
        { input: await half(left), left: 0, top: 0 },
        { input: await half(right), left: 224, top: 0 },
      ])
      .png()
      .toBuffer()
  ).toString('base64');
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

/** What the left and the right third of a map add up to. */
function sidesOf({ drops }: DropMap): [left: number, right: number] {
  const side = (from: number, to?: number) => sum(drops.flatMap((row) => row.slice(from, to)));
  return [side(0, 3), side(-3)];
}

describe('POST /v1/explain', () => {
  it('finds the half of the picture that shows what a text names', async () => {
    const files = ['photo-cat.jpg', 'photo-coffee.jpg'] as const;
    for (const [left, right] of [files, files.toReversed() as [string, string]]) {
      const { results } = await explain({ image: await sideBySide(left, right), texts: [CAT, COFFEE] });
      const [ofCat] = results;
      const [onLeft, onRight] = sidesOf(ofCat!.score);
      expect(left === 'photo-cat.jpg' ? onLeft - onRight : onRight - onLeft, left).toBeGreaterThan(0.5);
    }
  });

  it('says what the model saw, and what each covered cell takes from cosine and share', async () => {
    const { results, square, usage, ...rest } = await explain({
      image: cat,
      texts: [CAT, COFFEE],
      grid: 3,
      square: true,
    });
    expect(rest).toEqual({ object: 'explanation', model: model.name, grid: 3, mode: 'patch' });
    expect(usage).toMatchObject({ items: 12, images: 10, texts: 2 });
    expect(usage.prompt_tokens).toBeGreaterThan(10);
    expect(Buffer.from(square!.rgb, 'base64')).toHaveLength(square!.side ** 2 * 3);
    expect(results.map(({ index, text }) => [index, text])).toEqual([
      [0, CAT],
      [1, COFFEE],
    ]);
    for (const { cosine: cosines, score } of results) {
      for (const { drops, range } of [cosines, score]) {
        expect(drops.map((row) => row.length)).toEqual([3, 3, 3]);
        expect(range).toEqual([Math.min(...drops.flat()), Math.max(...drops.flat())]);
      }
    }
    expect(results[0]!.score.base + results[1]!.score.base).toBeCloseTo(1, 6);
  });

  it.each(['cell', 'patch'])(
    'gives what /v1/embeddings gives of pictures that are masked by hand: %s',
    async (mode) => {
      const grid = 3;
      const { results, square } = await explain({ image: cat, texts: [CAT], grid, mode, square: true });
      const { side, rgb } = square!;
      const copies = maskedByHand(Buffer.from(rgb, 'base64'), side, grid, mode === 'patch' ? 1 : 0);
      const raw = { width: side, height: side, channels: 3 } as const;
      const files = await Promise.all(copies.map((copy) => sharp(copy, { raw }).png().toBuffer()));
      const input = [CAT, { image: cat }, ...files.map((file) => ({ image: file.toString('base64') }))];
      const { data } = (await postJson(server.http('/v1/embeddings'), { input })).json<{
        data: { embedding: number[] }[];
      }>();
      const [text, whole, ...masked] = data.map(({ embedding }) => embedding);
      const { base, drops } = results[0]!.cosine;
      expect(base).toBeCloseTo(cosine(text!, whole!), 5);
      masked.forEach((copy, at) => expect(drops.flat()[at]).toBeCloseTo(base - cosine(text!, copy), 5));
    },
  );

  it('takes an address of an image as any other route', async () => {
    const answer = await postJson(server.http('/v1/explain'), { image: 'http://127.0.0.1:1/cat.jpg', texts: [CAT] });
    expect(answer.json()).toMatchObject({ error: { code: 'fetch_refused' } });
    const uri = `data:image/jpeg;base64,${cat}`;
    expect((await explain({ image: { image_url: { url: uri } }, texts: [CAT], grid: 3 })).usage.images).toBe(10);
  });

  it.each([
    [{ texts: [CAT] }, 422, 'invalid_argument'],
    [{ image: cat }, 422, 'invalid_argument'],
    [{ image: cat, texts: CAT }, 422, 'invalid_argument'],
    [{ image: cat, texts: [] }, 422, 'invalid_argument'],
    [{ image: cat, texts: Array.from({ length: 17 }, () => CAT) }, 422, 'invalid_argument'],
    [{ image: cat, texts: [{ image: cat }] }, 422, 'invalid_argument'],
    [{ image: { text: CAT }, texts: [CAT] }, 422, 'invalid_argument'],
    [{ image: cat, texts: [CAT], grid: 2 }, 422, 'invalid_argument'],
    [{ image: cat, texts: [CAT], grid: 15 }, 422, 'invalid_argument'],
    [{ image: cat, texts: [CAT], mode: 'blur' }, 422, 'invalid_argument'],
    [{ image: cat, texts: [CAT], candidates: ['a'] }, 422, 'invalid_argument'],
    [{ image: cat, texts: [CAT], model: 'nosuch' }, 404, 'model_unknown'],
    [{ image: cat, texts: [CAT, ''] }, 422, 'item_empty'],
    [{ image: Buffer.from('no image').toString('base64'), texts: [CAT] }, 422, 'image_unreadable'],
  ])('refuses a wrong request with a reason (%#)', async (body, status, code) => {
    const answer = await postJson(server.http('/v1/explain'), body);
    expect([answer.status, answer.json<{ error: { code: string } }>().error.code], answer.text).toEqual([status, code]);
  });

  it('counts every copy: more items than a request may have are refused before anything is decoded', async () => {
    const texts = [CAT, COFFEE, 'a dog'];
    const broken = Buffer.from('no image').toString('base64');
    const answer = await postJson(server.http('/v1/explain'), { image: broken, texts: [...texts, 'a'], grid: 14 });
    expect([answer.status, answer.json()]).toMatchObject([413, { error: { code: 'request_too_large' } }]);
    expect(answer.text).toContain('201 items');
    const within = await postJson(server.http('/v1/explain'), { image: broken, texts, grid: 14 });
    expect(within.json()).toMatchObject({ error: { code: 'image_unreadable' } });
  });

  it('lets interactive requests go before it, and drops what waits when its caller leaves', async () => {
    let isAnswered = false;
    const explaining = explain({ image: cat, texts: [CAT], grid: 13 }).finally(() => (isAnswered = true));
    const ranked = await postJson(server.http('/v1/rank'), { query: { image: cat }, candidates: [CAT, COFFEE] });
    expect([ranked.status, isAnswered]).toEqual([200, false]);
    await explaining;

    const before = await batchedItems();
    await leaveOnceRunning({ image: cat, texts: [CAT], grid: 14 });
    await postJson(server.http('/v1/rank'), { query: { image: cat }, candidates: [CAT] });
    expect((await batchedItems()) - before).toBeLessThan(199);
  });
});

describe('limits of a token', () => {
  it('count the image, its copies and the texts', async () => {
    await using desk = await TokenDesk.open();
    await using guarded = await startServer({ env: { ...desk.env, CAS_AUTH: 'required' } });
    const { token } = await desk.create({ scopes: ['rank'], limits: { itemsInFlight: 12, itemsPerDay: 20 } });
    const ask = (grid: number, texts: string[]) =>
      postJson(guarded.http('/v1/explain'), { image: cat, texts, grid }, { authorization: `Bearer ${token}` });
    expect((await ask(3, [CAT, COFFEE, 'a dog'])).json()).toMatchObject({ error: { code: 'rate_limited' } });
    const allowed = await ask(3, [CAT, COFFEE]);
    expect([allowed.status, allowed.headers['ratelimit']]).toEqual([200, expect.stringContaining('r=8')]);
    expect((await ask(3, [CAT])).status).toBe(429);
  });
});

/** The same as the service does, written differently: pixel by pixel. */
function maskedByHand(square: Buffer, side: number, grid: number, reach: number): Buffer[] {
  const mean = [0, 1, 2].map((channel) =>
    Math.round(sum([...square].filter((_, at) => at % 3 === channel)) / side ** 2),
  );
  const cellOf = (pixel: number) =>
    Array.from({ length: grid }, (_, n) => n).findLast((n) => pixel >= Math.floor((n * side) / grid))!;
  return Array.from({ length: grid ** 2 }, (_, cell) =>
    Buffer.from(
      square.map((value, at) => {
        const pixel = Math.floor(at / 3);
        const [row, column] = [cellOf(Math.floor(pixel / side)), cellOf(pixel % side)];
        const isNear = Math.abs(row - Math.floor(cell / grid)) <= reach && Math.abs(column - (cell % grid)) <= reach;
        return isNear ? mean[at % 3]! : value;
      }),
    ),
  );
}

/** How many items of pictures have been run. */
async function batchedItems(): Promise<number> {
  const { text } = await call(server.ops('/metrics'));
  return sum(
    [...text.matchAll(/^clip_batch_size_sum\{.*tower="visual".*\} (\d+)/gm)].map(([, value]) => Number(value)),
  );
}

/** Sends a request and hangs up once copies of its image are being run. */
async function leaveOnceRunning(body: unknown): Promise<void> {
  const before = await batchedItems();
  const req = httpRequest(server.http('/v1/explain'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  const over = new Promise<void>((resolve) => req.once('error', () => resolve()).once('close', () => resolve()));
  req.end(JSON.stringify(body));
  await expect.poll(batchedItems, { timeout: 30_000 }).toBeGreaterThan(before + 1);
  req.destroy();
  await over;
}

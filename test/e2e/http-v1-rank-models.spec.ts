import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { model, picture, rankingFixtures } from './support/fixtures.js';
import { call, postJson } from './support/http-call.js';

interface Ranking {
  object: string;
  model: string;
  results: { index: number; score: number; cosine: number; candidate?: string }[];
  errors: { index: number; code: string; message: string }[];
}

interface Model {
  id: string;
  object: string;
  dimension: number;
  default: boolean;
}

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

async function rank(body: unknown): Promise<Ranking> {
  const answer = await postJson(server.http('/v1/rank'), body);
  expect(answer.status, answer.text).toBe(200);
  return answer.json<Ranking>();
}

describe('POST /v1/rank', () => {
  it.each(rankingFixtures)('sees what is in $file', async ({ file, texts, expected, cosines }) => {
    const { results, errors } = await rank({ query: { image: picture(file).toString('base64') }, candidates: texts });
    expect(errors).toEqual([]);
    expect(results[0]).toMatchObject({ index: expected, candidate: texts[expected] });
    expect(results.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 4);
    expect(results.map(({ score }) => score)).toEqual(results.map(({ score }) => score).sort((a, b) => b - a));
    for (const { index, cosine } of results) expect(Math.abs(cosine - cosines[index]!)).toBeLessThan(0.01);
  });

  it('ranks images by a text', async () => {
    const files = ['photo-coffee.jpg', 'photo-cat.jpg', 'photo-rocket.jpg'];
    const candidates = files.map((file) => ({ image: picture(file).toString('base64') }));
    const { results } = await rank({ query: 'a photo of a cat', candidates, model: model.name });
    expect(results[0]?.index).toBe(1);
    expect(results[0]).not.toHaveProperty('candidate');
  });

  it('a candidate that fails, fails alone and is named', async () => {
    const broken = { image: Buffer.from('no image').toString('base64') };
    const { results, errors } = await rank({ query: 'a cat', candidates: ['a cat', broken, 'a dog'] });
    expect(results.map(({ index }) => index).sort()).toEqual([0, 2]);
    expect(errors).toMatchObject([{ index: 1, code: 'image_unreadable' }]);
  });

  it.each([
    [{ candidates: ['a'] }, 422],
    [{ query: 'a' }, 422],
    [{ query: 'a', candidates: [] }, 422],
    [{ query: 'a', candidates: 'b' }, 422],
    [{ query: '', candidates: ['b'] }, 422],
    [{ query: 'a', candidates: ['b'], model: 'nosuch' }, 404],
    [{ query: 'a', documents: ['b'] }, 422],
    [{ query: 'a', candidates: ['b'], top_n: 1 }, 422],
    [{ query: 'a', candidates: [{ text: 'b', image: 'QUJD' }] }, 422],
    [{ query: [320, 1929], candidates: ['b'] }, 422],
  ])('%j is refused with %i and a reason', async (body, status) => {
    const answer = await postJson(server.http('/v1/rank'), body);
    expect(answer.status, answer.text).toBe(status);
    expect(answer.json<{ error: { message: string } }>().error.message.length).toBeGreaterThan(10);
  });
});

describe('GET /v1/models', () => {
  it('lists the model that is served, and which is the default', async () => {
    const { object, data } = (await call(server.http('/v1/models'))).json<{ object: string; data: Model[] }>();
    expect(object).toBe('list');
    expect(data).toMatchObject([{ id: model.name, object: 'model', dimension: model.dimension, default: true }]);
  });

  it.each(['/v1/models/', '/models', '/models/'])('is answered at %s too, as by other servers', async (path) => {
    expect((await call(server.http(path))).json<{ data: Model[] }>().data).toMatchObject([{ id: model.name }]);
  });

  it('tells of one model', async () => {
    const one = (await call(server.http(`/v1/models/${model.name}`))).json<Model>();
    expect(one).toMatchObject({ id: model.name, dimension: model.dimension });
  });

  it.each(['nosuch', 'M-CLIP/XLM-Roberta-Large-Vit-B-32', 'ViT-B-32%3A%3Aopenai'])('%s is 404', async (name) => {
    const answer = await call(server.http(`/v1/models/${name}`));
    expect(answer.status).toBe(404);
    const { error } = answer.json<{ error: { code: string; message: string } }>();
    expect(error.code).toBe('model_unknown');
    expect(error.message).toContain(decodeURIComponent(name));
  });
});

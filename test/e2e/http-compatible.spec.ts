import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { cosine, model, picture, rankingFixtures } from './support/fixtures.js';
import { call, postJson } from './support/http-call.js';

interface JsonDocument {
  id: string | null;
  text: string | null;
  blob: string | null;
  uri: string | null;
  mime_type: string | null;
  embedding: number[] | null;
  matches: JsonDocument[] | null;
  scores: Record<string, { value: number; op_name: string }> | null;
}

interface Envelope {
  header: { requestId: string; status: InBandStatus | null; execEndpoint: string; targetExecutor: string };
  parameters: Record<string, unknown>;
  routes: { executor: string; startTime: string; endTime: string; status: InBandStatus | null }[];
  data: JsonDocument[];
}

interface InBandStatus {
  code: number;
  description: string;
  exception: { name: string; args: string[]; stacks: string[]; executor: string };
}

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

async function post(path: string, body: unknown): Promise<Envelope> {
  const answer = await postJson(server.http(path), body);
  expect(answer.status, answer.text).toBe(200);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  return answer.json<Envelope>();
}

const twoTexts = [
  { id: 'first', text: 'a photo of a cat' },
  { id: 'second', text: 'a photo of a rocket' },
];

describe('documents over HTTP', () => {
  it.each([
    ['/post', { exec_endpoint: '/encode' }],
    ['/post', { execEndpoint: '/encode' }],
    ['/post', {}],
    ['/encode', {}],
    ['/index', {}],
    ['/search', { parameters: { limit: 3 } }],
    [`/encode/${model.name}`, {}],
    ['/post', { exec_endpoint: `/encode/${model.name}` }],
    ['/post', { exec_endpoint: '/encode', parameters: { model_name: model.name } }],
    ['/post', { exec_endpoint: '/nosuch' }],
  ])('POST %s %j gives every document its vector, in order', async (path, envelope) => {
    const { data, header, routes } = await post(path, { data: twoTexts, ...envelope });
    expect(header).toMatchObject({ status: null, targetExecutor: '' });
    expect(data.map(({ id }) => id)).toEqual(['first', 'second']);
    expect(data.map(({ embedding }) => embedding?.length)).toEqual([model.dimension, model.dimension]);
    expect(data.map(({ mime_type }) => mime_type)).toEqual(['text/plain', 'text/plain']);
    expect(routes.map(({ executor }) => executor)[0]).toBe('gateway');
    for (const route of routes) expect(Date.parse(route.endTime) - Date.parse(route.startTime)).toBeGreaterThan(0);
  });

  it.each([{}, { data: null }, { data: [] }, { data: { docs: [] } }])(
    '%j has no documents and is answered so',
    async (body) => {
      expect((await post('/post', body)).data).toEqual([]);
    },
  );

  it('an image comes back with its vector, and without its bytes where the caller does not want them', async () => {
    const image = { id: 'cat', blob: picture('photo-cat.jpg').toString('base64'), mime_type: 'image/jpeg' };
    const kept = (await post('/encode', { data: [image] })).data[0];
    const dropped = (await post('/encode', { data: [image], parameters: { drop_image_content: true } })).data[0];
    expect(kept?.blob).toBe(image.blob);
    expect(dropped?.blob).toBeNull();
    expect(cosine(kept!.embedding!, dropped!.embedding!)).toBeCloseTo(1, 4);
  });

  it.each(['/rank', `/rank/${model.name}`])('%s orders the matches, best first', async (path) => {
    const fixture = rankingFixtures[0]!;
    const matches = fixture.texts.map((text, index) => ({ id: String(index), text }));
    const blob = picture(fixture.file).toString('base64');
    const [root] = (await post(path, { data: [{ id: 'root', blob, matches }] })).data;
    expect(root?.matches?.[0]?.id).toBe(String(fixture.expected));
    const scores = root!.matches!.map(({ scores }) => scores!['clip_score']!.value);
    expect(scores.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 4);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(root!.matches!.every(({ embedding }) => embedding === null)).toBe(true);
    expect(root!.embedding).toHaveLength(model.dimension);
  });

  it('of several contents the one counts that docarray keeps, and empty ones count as left out', async () => {
    const cat = picture('photo-cat.jpg');
    const blob = cat.toString('base64');
    const uri = ` DATA:;base64,${blob} `;
    const { data } = await post('/encode', {
      data: [
        { blob },
        { text: 'a cat', blob },
        { text: '', blob, uri: 'file:///nowhere' },
        { text: '', blob: '', uri },
        { text: 'a cat' },
        { text: 'a cat', blob: '' },
        { text: 'a cat', uri },
        { text: uri },
      ],
    });
    const [image, both, emptyText, byUri, text, emptyBlob, textAndUri, sentence] = data.map(
      ({ embedding }) => embedding!,
    );
    for (const same of [both!, emptyText!, byUri!]) expect(cosine(same, image!)).toBeCloseTo(1, 4);
    for (const same of [emptyBlob!, textAndUri!]) expect(cosine(same, text!)).toBeCloseTo(1, 4);
    expect(cosine(sentence!, image!)).toBeLessThan(0.9);
    expect(data.map((document) => document.text || null).slice(0, 4)).toEqual([null, null, null, null]);
  });

  it("the Python client gets its own form, in which the word data never stands as it's written", async () => {
    const body = { header: { request_id: 'abc' }, exec_endpoint: '/encode', data: twoTexts };
    const answer = await postJson(server.http('/post'), body, { 'user-agent': 'Python/3.10 aiohttp/3.14.5' });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.text).not.toContain('data');
    const inner = JSON.parse(answer.json<string>()) as {
      header: { request_id: string };
      data: { docs: { docs: { id: string; embedding: { dense: { buffer: string; dtype: string } } }[] } };
    };
    expect(inner.header.request_id).toBe('abc');
    expect(inner.data.docs.docs.map(({ id }) => id)).toEqual(['first', 'second']);
    const { buffer, dtype } = inner.data.docs.docs[0]!.embedding.dense;
    expect([dtype, Buffer.from(buffer, 'base64').length]).toEqual(['<f4', 4 * model.dimension]);
  });
});

describe('a mistake in the documents', () => {
  async function statusOf(path: string, body: unknown): Promise<InBandStatus> {
    const { header, routes } = await post(path, body);
    expect(routes[1]?.status).toEqual(header.status);
    expect(header.status?.code).toBe(1);
    expect(header.status?.exception.executor).toBe('CLIPEncoder');
    expect(header.status?.description).toContain(header.status!.exception.name);
    expect(JSON.stringify(header.status)).not.toMatch(/node_modules|\.[jt]s:\d|\/libs\//);
    return header.status!;
  }

  it('an unknown model is told in band, with the models that are served', async () => {
    const { exception } = await statusOf('/encode/ViT-nosuch', { data: twoTexts });
    expect(exception.args[0]).toContain('ViT-nosuch');
    expect(exception.args[0]).toContain(model.name);
  });

  it('a bad image is told in band and named, and the documents come back as they were', async () => {
    const data = [twoTexts[0], { id: 'broken', blob: Buffer.from('no image').toString('base64') }];
    const { exception } = await statusOf('/encode', { data });
    expect(exception.name).toBe('UnidentifiedImageError');
    expect(exception.args[0]).toContain('broken');
    const echoed = (await post('/encode', { data })).data;
    expect(echoed.map(({ embedding }) => embedding)).toEqual([null, null]);
  });

  it('a rank without matches is told in band', async () => {
    expect((await statusOf('/rank', { data: [twoTexts[0]] })).exception.args[0]).toContain('matches');
  });

  it('a body that is no JSON is 422 with FastAPI’s detail', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await call(server.http('/post'), { body: '{"data": [', headers });
    expect(answer.status).toBe(422);
    const [problem] = answer.json<{ detail: { type: string; msg: string }[] }>().detail;
    expect(problem?.type).toBe('json_invalid');
    expect(problem?.msg).toContain('JSON decode error');
  });

  it.each([
    [{ data: 5 }, ['body', 'data']],
    [{ data: [{ text: ['cat'] }] }, ['body', 'data', 0, 'text']],
    [{ data: [], parameters: 'none' }, ['body', 'parameters']],
    [[1, 2], ['body']],
  ])('%j is 422 and says where', async (body, where) => {
    const answer = await postJson(server.http('/post'), body);
    expect(answer.status).toBe(422);
    expect(answer.json<{ detail: { loc: unknown[] }[] }>().detail[0]?.loc).toEqual(where);
  });

  it('more documents than one request may have are 413 and say so', async () => {
    const answer = await postJson(server.http('/encode'), {
      data: Array.from({ length: 10_001 }, () => ({ tags: {} })),
    });
    expect(answer.status).toBe(413);
    expect(answer.json<{ detail: string }>().detail).toContain('10001');
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { cosine, model, picture } from './support/fixtures.js';
import { call, postJson } from './support/http-call.js';
import { ImageHost } from './support/image-host.js';
import { RawConnection } from './support/raw-connection.js';
import { eventually } from './support/server-process.js';

interface Embeddings {
  object: string;
  model: string;
  data: { object: string; index: number; embedding: number[] }[];
  usage: { prompt_tokens: number; total_tokens: number };
}

interface OpenAiError {
  error: { message: string; type: string; param: string | null; code: string };
}

const cat = picture('photo-cat.jpg');
const catAsBase64 = cat.toString('base64');
const catAsDataUri = `data:image/jpeg;base64,${catAsBase64}`;

let server: RunningServer;
let images: ImageHost;
beforeAll(async () => {
  images = await ImageHost.serving(cat);
  server = await startServer({ env: { CAS_ALLOW_PRIVATE_FETCH: 'true' } });
});
afterAll(async () => {
  await server?.stop();
  await images?.[Symbol.asyncDispose]();
});

const post = (body: unknown) => postJson(server.http('/v1/embeddings'), body);

async function embed(body: unknown): Promise<Embeddings> {
  const answer = await post(body);
  expect(answer.status, answer.text).toBe(200);
  return answer.json<Embeddings>();
}

async function refusal(body: unknown): Promise<OpenAiError['error'] & { status: number }> {
  const answer = await post(body);
  const { error } = answer.json<OpenAiError>();
  expect(Object.keys(error).sort()).toEqual(['code', 'message', 'param', 'type']);
  expect(error.message).not.toMatch(/node_modules|\/libs\/|\.js:\d/);
  return { status: answer.status, ...error };
}

describe('POST /v1/embeddings', () => {
  it.each([
    ['a string', 'a photo of a cat'],
    ['a list of strings', ['a photo of a cat', 'a photo of a dog']],
    ['objects', [{ text: 'a photo of a cat' }, { type: 'text', text: 'a photo of a dog' }]],
    ['texts and images', ['a photo of a cat', { image: catAsDataUri }]],
  ])('embeds %s, one vector per item, in order', async (_what, input) => {
    const { object, data, model: name } = await embed({ input, model: model.name });
    const count = Array.isArray(input) ? input.length : 1;
    expect([object, name]).toEqual(['list', model.name]);
    expect(data.map(({ index }) => index)).toEqual(Array.from({ length: count }, (_, at) => at));
    for (const { embedding, object: kind } of data)
      expect([embedding.length, kind]).toEqual([model.dimension, 'embedding']);
  });

  it('gives the same vector for an image by data URI, base64, URL, and as a plain string that is meant as image', async () => {
    const forms = [
      { image: catAsDataUri },
      { image: catAsBase64 },
      { image: images.url },
      { type: 'image_url', image_url: { url: images.url } },
      catAsDataUri,
    ];
    const { data } = await embed({ input: forms });
    const strings = await embed({ input: [catAsBase64, images.url], modality: 'image' });
    const [first, ...others] = [...data, ...strings.data];
    for (const { embedding } of others) expect(cosine(embedding, first!.embedding)).toBeCloseTo(1, 4);
  });

  it('base64 holds the same numbers as float, as float32', async () => {
    const input = 'a photo of a cat';
    const floats = (await embed({ input })).data[0]!.embedding;
    const base64 = (await embed({ input, encoding_format: 'base64' })).data[0]!.embedding as unknown as string;
    const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
    const decoded = new Float32Array(bytes.buffer);
    expect(decoded).toHaveLength(model.dimension);
    for (const [at, value] of decoded.entries()) expect(value).toBeCloseTo(floats[at]!, 4);
  });

  it('scales to length 1 when asked to', async () => {
    const { data } = await embed({ input: ['a cat', { image: catAsDataUri }], normalize: true });
    for (const { embedding } of data) expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
  });

  it('counts the tokens of texts', async () => {
    const short = (await embed({ input: 'cat' })).usage;
    const long = (await embed({ input: ['a photo of a very large cat on a red sofa', 'cat'] })).usage;
    expect(short.prompt_tokens).toBeGreaterThan(0);
    expect(long.prompt_tokens).toBeGreaterThan(short.prompt_tokens);
    expect(long.total_tokens).toBe(long.prompt_tokens);
  });

  it('takes the dimension that the model has, and refuses another in words', async () => {
    await embed({ input: 'cat', dimensions: model.dimension });
    const error = await refusal({ input: 'cat', dimensions: 64 });
    expect(error).toMatchObject({ status: 422, param: 'dimensions', type: 'invalid_request_error' });
    expect(error.message).toContain('512');
  });

  it('an unknown model is 404 and names the served ones', async () => {
    const error = await refusal({ input: 'cat', model: 'text-embedding-3-small' });
    expect(error).toMatchObject({ status: 404, code: 'model_unknown', type: 'invalid_request_error' });
    expect(error.message).toContain(model.name);
  });

  it.each([
    ['nothing', {}],
    ['null', { input: null }],
    ['an empty string', { input: '' }],
    ['an empty list', { input: [] }],
    ['a number', { input: 5 }],
    ['an unknown encoding', { input: 'cat', encoding_format: 'hex' }],
    ['an unknown modality', { input: 'cat', modality: 'sound' }],
  ])('%s is refused with 422 and a reason', async (_what, body) => {
    const error = await refusal(body);
    expect(error).toMatchObject({ status: 422, type: 'invalid_request_error' });
    expect(error.message.length).toBeGreaterThan(10);
  });

  it.each([
    ['an empty text', '', 'item_empty'],
    ['a broken image', { image: Buffer.from('no image').toString('base64') }, 'image_unreadable'],
    [
      'an SVG',
      { image: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64') },
      'image_format_refused',
    ],
    ['neither text nor image', { sound: 'x' }, 'invalid_argument'],
    ['a file of the server', { image: 'file:///etc/passwd' }, 'fetch_refused'],
  ])('%s among good items is named by its place', async (_what, item, code) => {
    const error = await refusal({ input: ['good', item, 'good'] });
    expect(error.code).toBe(code);
    expect(error.message).toContain('input[1]');
    expect(error.param).toBe('input[1]');
  });

  it('a body that is no JSON is told in the same form', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await call(server.http('/v1/embeddings'), { body: '{"input"', headers });
    expect(answer.status).toBe(422);
    expect(answer.json<OpenAiError>().error.type).toBe('invalid_request_error');
  });

  it('the work for a caller that hangs up is dropped', async () => {
    const cutBefore = images.cut;
    const asked = images.asked();
    const body = JSON.stringify({ input: [{ image: images.heldUrl }] });
    const client = await RawConnection.to(server);
    await client.write(`POST /v1/embeddings HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n`);
    await client.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
    await asked;
    client.socket.end();
    await eventually('the fetch is cut', () => images.cut === cutBefore + 1);
  });

  it('an address in the own network is refused unless the operator allowed it', async () => {
    await using guarded = await startServer();
    const answer = await postJson(guarded.http('/v1/embeddings'), { input: [{ image: images.url }] });
    expect(answer.json<OpenAiError>().error).toMatchObject({ code: 'fetch_refused', param: 'input[0]' });
  });
});

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot, startServer, type RunningServer } from '../support/server.js';
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

const fixtureFolder = join(repositoryRoot, 'test/fixtures');

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

  it('an image beside an empty text is an image', async () => {
    const { data } = await embed({
      input: [
        { text: '', image: catAsBase64 },
        { text: null, image_url: { url: catAsDataUri } },
        { image: catAsBase64 },
      ],
    });
    for (const { embedding } of data) expect(cosine(embedding, data[2]!.embedding)).toBeCloseTo(1, 4);
  });

  it('an item with two contents is refused, since one of them would be left out', async () => {
    const error = await refusal({ input: [{ text: 'a cat', image: catAsBase64 }] });
    expect(error).toMatchObject({ status: 422, code: 'invalid_argument', param: 'input[0]' });
    expect(error.message).toMatch(/both "text" and "image"/);
  });

  it.each([
    ['in capitals', catAsDataUri.replace('data:image/jpeg;base64', 'DATA:IMAGE/JPEG;BASE64')],
    ['between blanks', `\n ${catAsDataUri} `],
    ['without a type', catAsDataUri.replace('image/jpeg', '')],
    ['of bytes', catAsDataUri.replace('image/jpeg', 'application/octet-stream')],
  ])('a data URI %s is the same image', async (_what, uri) => {
    const { data } = await embed({ input: [uri, { image: catAsBase64 }, { image: ` ${images.url} ` }] });
    for (const { embedding } of data) expect(cosine(embedding, data[1]!.embedding)).toBeCloseTo(1, 4);
  });

  it('a data URI that holds no image is an error and no text', async () => {
    const error = await refusal({ input: ['data:text/plain;base64,YSBjYXQ='] });
    expect(error).toMatchObject({ code: 'image_unreadable', param: 'input[0]' });
  });

  it.each([
    [{ normalise: true }, 'normalise', /Did you mean "normalize"\?/],
    [{ input: undefined, inputs: ['a cat'] }, 'inputs', /Did you mean "input"\?/],
    [{ input: undefined, texts: ['a cat'] }, 'texts', /Did you mean "input"\?/],
    [{ temperature: 1 }, 'temperature', /not a field here/],
    [{ truncate: false }, 'truncate', /always cut/],
    [{ embedding_type: 'binary' }, 'embedding_type', /"float" or "base64"/],
    [{ output_dtype: 'int8' }, 'output_dtype', /float32/],
    [{ late_chunking: true }, 'late_chunking', /one vector/],
    [{ normalize: true, normalized: false }, 'normalize', /mean the same/],
  ])('%j is refused, since the answer would not be what was asked for', async (fields, param, reason) => {
    const error = await refusal({ input: 'a cat', ...fields });
    expect(error).toMatchObject({ status: 422, code: 'invalid_argument', param });
    expect(error.message).toMatch(reason);
  });

  it('fields of other servers that change nothing are accepted, and warned of where they were meant to', async () => {
    const voyage = { truncation: true, output_dtype: null, output_dimension: null, encoding_format: 'float' };
    const jina = { truncate: true, late_chunking: false, normalized: true, embedding_type: 'float', dimensions: null };
    expect(await embed({ input: 'a cat', user: 'me', ...voyage, ...jina })).not.toHaveProperty('warnings');
    const answer = await embed({ input: 'a cat', input_type: 'query', task: 'retrieval.query' });
    expect(answer).toMatchObject({ warnings: [/^input_type: /, /^task: /].map((text) => expect.stringMatching(text)) });
  });

  it('token ids are refused with the name of the client’s setting', async () => {
    for (const input of [
      [320, 1929],
      [[320, 1929], [320]],
    ]) {
      expect((await refusal({ input })).message).toContain('check_embedding_ctx_length=False');
    }
  });

  it('reads a file in the operator’s folder, by path and by URI', async () => {
    await using withFiles = await startServer({ env: { CAS_FILE_ROOT: fixtureFolder } });
    const input = [
      'photo-cat.jpg',
      `${fixtureFolder}/photo-cat.jpg`,
      pathToFileURL(`${fixtureFolder}/photo-cat.jpg`).href,
    ];
    const answer = await postJson(withFiles.http('/v1/embeddings'), { input: input.map((image) => ({ image })) });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json<Embeddings>().data).toHaveLength(3);
    const outside = await postJson(withFiles.http('/v1/embeddings'), { input: [{ image: '../package.json' }] });
    expect(outside.json<OpenAiError>().error).toMatchObject({ code: 'fetch_refused', param: 'input[0]' });
  });

  it.each(['/v1/embeddings/', '/embeddings', '/embeddings/'])(
    'is answered at %s too, as by other servers',
    async (path) => {
      const answer = await postJson(server.http(path), { input: 'a cat' });
      expect(answer.status, answer.text).toBe(200);
      const refused = await postJson(server.http(path), {});
      expect(refused.json<OpenAiError>().error).toMatchObject({
        type: 'invalid_request_error',
        code: 'invalid_argument',
      });
    },
  );

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

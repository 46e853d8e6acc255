import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { cosine, model, picture, rankingFixtures } from './support/fixtures.js';
import { type AnyClient, duplex, failure, grpcClient, streamFailure, unary } from './support/grpc-clients.js';
import { ImageHost } from './support/image-host.js';
import { eventually } from './support/server-process.js';

interface Failure {
  code: string;
  message: string;
  retryable: boolean;
}

interface Result {
  embedding?: { values: number[] } | null;
  error?: Failure | null;
  timing?: { queueMs: number; prepareMs: number; runMs: number; batchSize: number; replica: string } | null;
}

interface Reply {
  id: string;
  model: string;
  results: Result[];
  error: Failure | null;
}

interface Ranking {
  model: string;
  matches: { index: number; score: number; cosine: number }[];
  errors: { index: number; error: Failure }[];
}

const cat = picture('photo-cat.jpg');
const catAsDataUri = `data:image/jpeg;base64,${cat.toString('base64')}`;

let server: RunningServer;
let images: ImageHost;
let client: AnyClient;
beforeAll(async () => {
  images = await ImageHost.serving(cat);
  server = await startServer({ env: { CAS_ALLOW_PRIVATE_FETCH: 'true' } });
  client = grpcClient('clip.v1.Clip', server.target);
});
afterAll(async () => {
  client?.close();
  await server?.stop();
  await images?.[Symbol.asyncDispose]();
});

const encode = (request: object) => unary<Reply>(client, 'Encode', request);
const rank = (request: object) => unary<Ranking>(client, 'Rank', request);

describe('clip.v1.Clip/Encode', () => {
  it('gives one vector per item, in order, each with the times of its batch', async () => {
    const items = [{ text: 'a photo of a cat' }, { image: cat }, { imageUri: catAsDataUri }, { imageUri: images.url }];
    const reply = await encode({ id: 'mine', items });
    expect([reply.id, reply.model, reply.error]).toEqual(['mine', model.name, null]);
    expect(reply.results.map(({ embedding }) => embedding?.values.length)).toEqual(Array(4).fill(model.dimension));
    for (const { timing } of reply.results) {
      expect(timing!.runMs).toBeGreaterThan(0);
      expect(timing!.batchSize).toBeGreaterThan(0);
      expect(timing!.replica).not.toBe('');
    }
    const [, fromBytes, ...fromAddresses] = reply.results;
    for (const { embedding } of fromAddresses) {
      expect(cosine(embedding!.values, fromBytes!.embedding!.values)).toBeCloseTo(1, 4);
    }
  });

  it('scales to length 1 when asked to', async () => {
    const items = [{ text: 'a photo of a cat' }, { image: cat }];
    const [plain, scaled] = await Promise.all([encode({ items }), encode({ items, normalize: true })]);
    for (const [at, { embedding }] of scaled.results.entries()) {
      expect(Math.hypot(...embedding!.values)).toBeCloseTo(1, 5);
      expect(cosine(embedding!.values, plain.results[at]!.embedding!.values)).toBeCloseTo(1, 4);
    }
  });

  it('a bad item fails alone and says why', async () => {
    const items = [
      { text: 'good' },
      { image: Buffer.from('no image') },
      { text: '' },
      { imageUri: 'ftp://x/y' },
      { text: 'good' },
    ];
    const { results } = await encode({ items });
    expect(results.map(({ error }) => error?.code)).toEqual([
      undefined,
      'image_unreadable',
      'item_empty',
      'fetch_refused',
      undefined,
    ]);
    expect(results[1]!.error!.retryable).toBe(false);
    expect(results[0]!.embedding!.values).toHaveLength(model.dimension);
    expect(results[4]!.embedding!.values).toEqual(results[0]!.embedding!.values);
  });

  it('no items give no results', async () => {
    expect((await encode({ items: [] })).results).toEqual([]);
  });

  it.each([
    ['an unknown model', { model: 'nosuch', items: [{ text: 'x' }] }, 'model_unknown', model.name],
    ['an item without a source', { items: [{ text: 'x' }, {}] }, 'invalid_argument', 'items[1]'],
  ])('%s is INVALID_ARGUMENT with a stable word', async (_what, request, code, part) => {
    const error = await failure(encode(request));
    expect(error.code).toBe(status.INVALID_ARGUMENT);
    expect(error.metadata.get('error-code')).toEqual([code]);
    expect(error.details).toContain(part);
  });

  it('a call whose deadline passes ends, and the work for it is dropped', async () => {
    const asked = images.asked();
    const cutBefore = images.cut;
    const calling = failure(
      unary(client, 'Encode', { items: [{ imageUri: images.heldUrl }] }, { deadline: Date.now() + 1_000 }),
    );
    await asked;
    expect((await calling).code).toBe(status.DEADLINE_EXCEEDED);
    await eventually('the fetch is cut', () => images.cut === cutBefore + 1);
  });
});

describe('clip.v1.Clip/EncodeStream', () => {
  it('answers by id as requests finish, the slow one last', async () => {
    const stream = duplex<object, Reply>(client, 'EncodeStream');
    const answers: Reply[] = [];
    const ended = new Promise<void>((resolve, reject) => {
      stream.on('end', resolve);
      stream.on('error', reject);
    });
    stream.on('data', (reply: Reply) => {
      answers.push(reply);
      if (answers.length === 3) images.release();
    });
    const asked = images.asked();
    stream.write({ id: 'slow', items: [{ imageUri: images.heldUrl }] });
    await asked;
    stream.write({ id: 'a', items: [{ text: 'one' }], normalize: true });
    stream.write({ id: 'b', model: 'nosuch', items: [{ text: 'two' }] });
    stream.write({ id: 'c', items: [{ image: cat }, { text: '' }] });
    stream.end();
    await ended;
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    expect(answers).toHaveLength(4);
    expect(answers.at(-1)?.id).toBe('slow');
    expect(Math.hypot(...byId.get('a')!.results[0]!.embedding!.values)).toBeCloseTo(1, 5);
    expect(byId.get('b')?.error?.code).toBe('model_unknown');
    expect(byId.get('c')?.results[1]?.error?.code).toBe('item_empty');
    expect(byId.get('slow')?.results[0]?.embedding?.values).toHaveLength(model.dimension);
  });

  it('a client that cancels costs only itself, and the work for it is dropped', async () => {
    const cutBefore = images.cut;
    const asked = images.asked();
    const stream = duplex<object, Reply>(client, 'EncodeStream');
    const ended = streamFailure(stream as never);
    stream.write({ id: 'gone', items: [{ imageUri: images.heldUrl }] });
    await asked;
    stream.cancel();
    expect((await ended).code).toBe(status.CANCELLED);
    await eventually('the fetch is cut', () => images.cut === cutBefore + 1);
    expect((await encode({ items: [{ text: 'still there' }] })).results).toHaveLength(1);
  });
});

describe('clip.v1.Clip/Rank', () => {
  it('puts what fits best first', async () => {
    const { file, texts, expected } = rankingFixtures[0]!;
    const { matches, errors } = await rank({
      query: { image: picture(file) },
      candidates: texts.map((text) => ({ text })),
    });
    expect(errors).toEqual([]);
    expect(matches[0]?.index).toBe(expected);
    expect(matches.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 4);
  });

  it('a bad candidate fails alone, a bad query fails the call', async () => {
    const broken = { image: Buffer.from('no image') };
    const { matches, errors } = await rank({ query: { text: 'a' }, candidates: [{ text: 'b' }, broken] });
    expect([matches.length, errors.length, errors[0]?.index]).toEqual([1, 1, 1]);
    expect(errors[0]?.error.code).toBe('image_unreadable');
    const error = await failure(rank({ query: broken, candidates: [{ text: 'b' }] }));
    expect([error.code, error.metadata.get('error-code')]).toEqual([status.INVALID_ARGUMENT, ['image_unreadable']]);
    expect((await failure(rank({ query: { text: 'a' }, candidates: [] }))).code).toBe(status.INVALID_ARGUMENT);
  });
});

it('clip.v1.Clip/ListModels names the served model and its shape', async () => {
  const { models } = await unary<{ models: object[] }>(client, 'ListModels', {});
  const shape = { name: model.name, dimension: model.dimension, imageSize: 224, contextLength: 77, default: true };
  expect(models).toMatchObject([shape]);
});

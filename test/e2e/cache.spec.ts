import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { model, picture } from './support/fixtures.js';
import { type AnyClient, grpcClient, unary } from './support/grpc-clients.js';
import { postJson } from './support/http-call.js';
import { metric } from './support/server-process.js';

interface Reply {
  results: { embedding: { values: number[] }; timing: { runMs: number; batchSize: number; replica: string } }[];
}

const cat = picture('photo-cat.jpg');
const items = [{ text: 'a photo of a cat' }, { image: cat }];

const encode = (client: AnyClient, options: object = {}) => unary<Reply>(client, 'Encode', { items, ...options });
const vectorsOf = ({ results }: Reply) => results.map(({ embedding }) => embedding.values);
const placesOf = ({ results }: Reply) => results.map(({ timing }) => timing.replica);
const counted = (server: RunningServer, name: string, modality: string) =>
  metric(server, name, { model: model.name, modality });

describe('the cache of vectors', () => {
  let server: RunningServer;
  let client: AnyClient;
  beforeAll(async () => {
    server = await startServer({ env: { CAS_CACHE_BYTES_MAX: '64MiB' } });
    client = grpcClient('clip.v1.Clip', server.target);
  });
  afterAll(async () => {
    client?.close();
    await server?.stop();
  });

  it('gives the very same vectors again without a run, over every protocol, and says so', async () => {
    const first = await encode(client);
    expect(placesOf(first)).not.toContain('cache');
    const again = await encode(client);
    expect(vectorsOf(again)).toEqual(vectorsOf(first));
    for (const { timing } of again.results) expect(timing).toMatchObject({ runMs: 0, batchSize: 0, replica: 'cache' });
    const input = ['a photo of a cat', { image: `data:image/jpeg;base64,${cat.toString('base64')}` }];
    const answer = await postJson(server.http('/v1/embeddings'), { input });
    const { data, usage } = answer.json<{ data: { embedding: number[] }[]; usage: { prompt_tokens: number } }>();
    expect(answer.headers['server-timing']).toContain('run;dur=0.00');
    expect(data.map(({ embedding }) => embedding.map(Math.fround))).toEqual(vectorsOf(first));
    expect(usage.prompt_tokens).toBeGreaterThan(0);
  });

  it('is not changed by what a caller has done to a vector', async () => {
    const plain = vectorsOf(await encode(client));
    await encode(client, { normalize: true });
    expect(vectorsOf(await encode(client))).toEqual(plain);
  });

  it('counts what it had and had not, and its size; the items count as any', async () => {
    const hits = await counted(server, 'clip_cache_hits_total', 'text');
    const misses = await counted(server, 'clip_cache_misses_total', 'text');
    const all = await metric(server, 'clip_items_total', { protocol: 'grpc', operation: 'encode' });
    await unary(client, 'Encode', { items: [...items, { text: 'a new text' }] });
    expect(await counted(server, 'clip_cache_hits_total', 'text')).toBe(hits + 1);
    expect(await counted(server, 'clip_cache_misses_total', 'text')).toBe(misses + 1);
    expect(await metric(server, 'clip_items_total', { protocol: 'grpc', operation: 'encode' })).toBe(all + 3);
    expect(await metric(server, 'clip_cache_bytes')).toBeGreaterThan(3 * 4 * model.dimension);
  });

  it('is off when the operator says so', async () => {
    await using without = await startServer();
    const other = grpcClient('clip.v1.Clip', without.target);
    await encode(other);
    expect(placesOf(await encode(other))).not.toContain('cache');
    other.close();
    expect(await metric(without, 'clip_cache_bytes')).toBe(0);
  });
});
